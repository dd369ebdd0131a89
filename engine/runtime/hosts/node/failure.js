'use strict';
// What went wrong in user code, as attributes of the message it went wrong with.

const path = require('node:path');

const MOST_MESSAGE = 2_000;
const MOST_TRACEBACK = 8_000;
const OURS = path.dirname(__dirname) + path.sep;

// A message failed: a type, a sentence, a traceback. `retry` false means that another try cannot help.
class Failure extends Error {
  constructor(type, message, traceback = '', retry = true) {
    super(clean(message).slice(0, MOST_MESSAGE));
    this.type = type;
    this.traceback = clean(traceback).slice(-MOST_TRACEBACK);
    this.retry = retry;
  }

  // The attributes that a failed message carries.
  attributes(processor) {
    return {
      'error.type': this.type,
      'error.message': this.message,
      'error.traceback': this.traceback,
      'error.processor': processor,
    };
  }
}

// The failure behind whatever was thrown; its traceback has the frames of the user's code, and none of the host's.
function describe(error) {
  if (error instanceof Failure) return error;
  try {
    if (!(error instanceof Error) && typeof error?.stack !== 'string') return new Failure(kindOf(error), textOf(error));
    return new Failure(kindOf(error), textOf(error.message), traceback(error, 0));
  } catch (second) {
    return new Failure('Error', `(no text: reading what was thrown threw in turn: ${typeof second})`);
  }
}

function kindOf(error) {
  if (error === null || typeof error !== 'object') return typeof error;
  // A class of the user's inherits the name of the one it extends, and rarely says its own.
  const proto = Object.getPrototypeOf(error);
  const named = proto === null || Object.hasOwn(error, 'name') || Object.hasOwn(proto, 'name');
  return String((!named && proto.constructor?.name) || error.name || error.constructor?.name || 'Error');
}

function textOf(value) {
  try {
    return typeof value === 'object' && value !== null && !(value instanceof Error) ? JSON.stringify(value) : String(value);
  } catch {
    return '(no text)';
  }
}

function traceback(error, depth) {
  const kept = usersLines(String(error.stack).split('\n')).join('\n');
  return error.cause instanceof Error && depth < 5 ? `${kept}\ncaused by: ${traceback(error.cause, depth + 1)}` : kept;
}

// A stack without the host's frames: neither those that called the user's code nor those that it called.
function usersLines(lines) {
  const isFrame = (line) => line.startsWith('    at ');
  const isOurs = (line) => isFrame(line) && (line.includes(OURS) || line.includes('guard:'));
  if (!lines.some(isOurs)) return lines;
  const last = lines.findLastIndex((line) => !isOurs(line) && !(isFrame(line) && line.includes('node:')));
  return lines.slice(0, last + 1).filter((line) => !isOurs(line));
}

// Text that can be carried: without lone surrogates.
function clean(text) {
  return Buffer.from(text, 'utf8').toString('utf8');
}

module.exports = { Failure, describe, clean };
