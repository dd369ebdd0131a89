'use strict';
// State, as state.py: what a step keeps across tasks and restarts, as rows of key and value.

const crypto = require('node:crypto');

const { unpack } = require('./decode');
const { pack } = require('./encode');

const SMALL = 10_000; // a state of no more rows is fetched whole when it is first asked for
const CACHED_KEYS = 100_000;
const RECENT_TASKS = 8;

// A version for a value: random, so that it can be known before the ledger has it, and never comes twice.
function newVersion() {
  return crypto.randomBytes(6).readUIntBE(0, 6) + 1;
}

// `packed` null: there is no such key.
class Entry {
  constructor(packed, version, task, files = []) {
    this.packed = packed;
    this.version = version;
    this.task = task;
    this.files = files;
  }
}

// A Map, to user code. Only `set` and `delete` write: changing a value in place does nothing until it is set.
class State {
  constructor(fetch) {
    this._fetch = fetch;
    this._entries = new Map();
    this._complete = false;
    this._isAsked = false;
    this._beforeCall = new Map();
    this._beforeTask = new Map();
    this._task = 0;
  }

  get(key, otherwise = undefined) {
    const { packed } = this._entry(key);
    return packed === null ? otherwise : unpack(packed);
  }

  has(key) {
    return this._entry(key).packed !== null;
  }

  set(key, value) {
    if (value === undefined) throw new TypeError(`a state value cannot be undefined; delete '${key}' instead`);
    this._write(key, pack(value));
    return this;
  }

  // Set a value that refers to files of the claims folder: they stay for as long as it does.
  hold(key, value, files) {
    this._write(key, pack(value), files);
  }

  delete(key) {
    const there = this.has(key);
    if (there) this._write(key, null);
    return there;
  }

  *keys() {
    if (!this._complete) this._load(null);
    for (const [key, entry] of [...this._entries]) if (entry.packed !== null) yield key;
  }

  *entries() {
    for (const key of this.keys()) yield [key, this.get(key)];
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get size() {
    return [...this.keys()].length;
  }

  _entry(key) {
    if (typeof key !== 'string') throw new TypeError(`a state key must be text, not ${typeof key}`);
    let entry = this._entries.get(key);
    if (entry === undefined) {
      if (!this._complete) this._load([key]);
      entry = this._entries.get(key) ?? new Entry(null, 0, 0);
      this._entries.set(key, entry);
    }
    return entry;
  }

  _load(keys) {
    const [rows, isComplete] = this._fetch(keys, this._isAsked ? 0 : SMALL);
    this._complete = isComplete;
    this._isAsked = true;
    for (const [key, packed, version] of rows) {
      if (!this._entries.has(key)) this._entries.set(key, new Entry(packed, version, 0));
    }
  }

  _write(key, packed, files = []) {
    const old = this._entry(key);
    if (same(old.packed, packed)) return;
    if (!this._beforeCall.has(key)) this._beforeCall.set(key, old);
    if (!this._beforeTask.has(key)) this._beforeTask.set(key, old);
    this._entries.set(key, new Entry(packed, old.version, this._task, files));
  }

  // A task begins.
  begin() {
    this._task++;
    this._beforeTask.clear();
    this._beforeCall.clear();
    if (this._entries.size > CACHED_KEYS) this._trim();
  }

  // The call went well.
  keep() {
    if (this._beforeCall.size) this._beforeCall.clear();
  }

  // The call threw: take back what it wrote.
  undo() {
    for (const [key, entry] of this._beforeCall) this._entries.set(key, entry);
    this._beforeCall.clear();
  }

  // What the task wrote: [key, value in bytes or null, version it is based on, its version], with the files a value refers to if
  // there are any; it counts as committed.
  writes() {
    const written = [];
    for (const [key, old] of this._beforeTask) {
      const entry = this._entries.get(key);
      if (same(entry.packed, old.packed)) continue;
      entry.version = entry.packed === null ? 0 : newVersion();
      const write = [key, entry.packed, old.version, entry.version];
      written.push(entry.files.length ? [...write, entry.files] : write);
    }
    this._beforeTask.clear();
    return written;
  }

  // Drop everything cached: the ledger knows better.
  forget() {
    this._entries.clear();
    this._beforeCall.clear();
    this._beforeTask.clear();
    this._complete = false;
  }

  // Drop the older half of what no recent task wrote.
  _trim() {
    this._complete = false;
    let left = CACHED_KEYS / 2;
    for (const [key, entry] of this._entries) {
      if (left-- === 0) break;
      if (entry.task <= this._task - RECENT_TASKS) this._entries.delete(key);
    }
  }
}

function same(one, other) {
  return one === other || (one !== null && other !== null && one.equals(other));
}

module.exports = { State, newVersion };
