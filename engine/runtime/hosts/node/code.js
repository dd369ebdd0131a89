'use strict';
// A user's Node code: loaded once, called once a message.

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');

const { Failure } = require('./failure');

const HEAD = /^(?:async\b\s*)?(?:function\b\s*\*?\s*[\w$]*\s*|\*?\s*[\w$]+\s*(?=\())?/;

const load_ = Module._load;
const types = require('./types');
// `require('pyfi')` gives the types that JavaScript lacks.
Module._load = function load(request, ...rest) {
  return request === 'pyfi' ? types : load_.call(this, request, ...rest);
};

// The function of a step's specification and the names of its parameters. Throws what the user's module throws, or a Failure.
async function load(spec, folder) {
  const exported = spec.module ? await fromGit(spec) : inline(spec, folder);
  const found = choose(exported, spec.function);
  return { function: found, ...parameters(found) };
}

function inline(spec, folder) {
  const module = { exports: {}, id: spec.id, filename: `<${spec.id}>` };
  const required = Module.createRequire(path.join(path.resolve(folder), 'flow.js'));
  const options = { filename: `<${spec.id}>`, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER };
  const compiled = vm.compileFunction(spec.code, ['exports', 'require', 'module', '__filename', '__dirname'], options);
  compiled.call(module.exports, module.exports, required, module, module.filename, path.resolve(folder));
  return module.exports;
}

async function fromGit(spec) {
  const candidates = [spec.module, spec.module.replaceAll('.', '/')].map((name) => path.join(spec.checkout, name));
  const endings = ['', '.js', '.cjs', '.mjs', '/index.js'];
  const file = candidates
    .flatMap((candidate) => endings.map((ending) => candidate + ending))
    .find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (file === undefined) throw new Failure('LookupError', `there is no module '${spec.module}' in the repository`);
  try {
    return require(file);
  } catch (error) {
    const isModule = error.code === 'ERR_REQUIRE_ESM' || /Cannot use import statement|Unexpected token 'export'/.test(error.message);
    if (!isModule) throw error;
    return import(pathToFileURL(file).href);
  }
}

function choose(exported, name) {
  if (name) {
    const found = exported?.[name] ?? (exported?.name === name ? exported : exported?.default?.[name]);
    if (typeof found !== 'function') throw new Failure('LookupError', `there is no function '${name}' among the code's exports`);
    return found;
  }
  if (typeof exported === 'function') return exported;
  const own = Object.values(exported ?? {}).filter((value) => typeof value === 'function');
  const found = exported?.process ?? exported?.default ?? (own.length === 1 ? own[0] : undefined);
  if (typeof found !== 'function') {
    throw new Failure('LookupError', 'the code exports no function to call; write `module.exports = (content, ctx) => ...`');
  }
  return found;
}

// The names of a function's parameters, as far as they are simple: `names`, or those inside a first `{a, b}`: `fields`.
function parameters(found) {
  const source = Function.prototype.toString.call(found).replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
  const rest = source.slice(HEAD.exec(source)[0].length).trim();
  const single = /^([\w$]+)\s*=>/.exec(rest);
  if (single) return { names: [single[1]], fields: [] };
  const fields = /^\(\s*\{([^{}()]*)\}/.exec(rest);
  if (fields) return { names: [], fields: identifiers(fields[1]) };
  const listed = /^\(([^{}()[\]]*)\)/.exec(rest);
  return { names: listed ? identifiers(listed[1]) : [], fields: [] };
}

function identifiers(listed) {
  return listed.split(',').map((part) => part.split(/[=:]/)[0].trim()).filter(Boolean);
}

module.exports = { load };
