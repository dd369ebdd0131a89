'use strict';
// A source at work: what its function yields, batch after batch, as far as the engine's credit goes.
//
// State is kept as it stood at each yield: a batch takes with it the writes made up to its last message, no more.

const { unpack } = require('./decode');
const { join, pack } = require('./encode');
const { textOnly } = require('./context');
const { newVersion } = require('./state');
const { describe } = require('./failure');
const { isAsyncGenerator, isGenerator, isPromise } = require('./step');
const { MAX_BYTES } = require('./output');
const { MAX_MESSAGES } = require('./stage');

const CAPACITY = 2 * MAX_MESSAGES;
const TURN_MS = 20; // how long a generator may go on before the rest of the host has its turn

// The state of a source. Every write is dated by the number of yields before it.
class SourceState {
  constructor([rows]) {
    this._values = new Map(rows.map(([key, packed]) => [key, packed]));
    this._versions = new Map(rows.map(([key, , version]) => [key, version]));
    this._journal = [];
    this.yields = 0;
    this.isUsed = rows.length > 0;
  }

  get(key, otherwise = undefined) {
    return this._values.has(key) ? unpack(this._values.get(key)) : otherwise;
  }

  has(key) {
    return this._values.has(key);
  }

  set(key, value) {
    if (typeof key !== 'string') throw new TypeError(`a state key must be text, not ${typeof key}`);
    if (value === undefined) throw new TypeError(`a state value cannot be undefined; delete '${key}' instead`);
    this._write(key, pack(value));
    return this;
  }

  delete(key) {
    const there = this._values.has(key);
    if (there) this._write(key, null);
    return there;
  }

  keys() {
    return [...this._values.keys()].values();
  }

  *entries() {
    for (const key of this.keys()) yield [key, this.get(key)];
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get size() {
    return this._values.size;
  }

  _write(key, packed) {
    this.isUsed = true;
    if (packed === null) this._values.delete(key);
    else this._values.set(key, packed);
    this._journal.push([this.yields, key, packed]);
  }

  // What was written before the given number of yields: [key, value or null, version it is based on, its version].
  writes(yields) {
    let count = 0;
    while (count < this._journal.length && this._journal[count][0] < yields) count++;
    const latest = new Map(this._journal.splice(0, count).map(([, key, packed]) => [key, packed]));
    const written = [];
    for (const [key, packed] of latest) {
      const version = this._versions.get(key) ?? 0;
      if (packed === null && version === 0) continue;
      this._versions.set(key, packed === null ? 0 : newVersion());
      written.push([key, packed, version, this._versions.get(key)]);
    }
    return written;
  }
}

// Runs a source's function, and keeps what it yields until it is taken.
class Feed {
  constructor(state, skip, poke) {
    this.state = state;
    this.isEnded = false;
    this.isStopping = false;
    this.error = null;
    this._skip = state.isUsed ? 0 : skip;
    this._taken = this._skip;
    this._messages = [];
    this._poke = poke;
    this._room = null;
  }

  // A message was made: kept as it is now, whatever is done to it later.
  put(port, content, attributes) {
    this.state.yields++;
    if (this._skip > 0) {
      this._skip--;
      return;
    }
    this._messages.push([port, pack(content, 1), attributes]);
  }

  // Run `made`, what the function returned, to its end.
  async run(act) {
    try {
      let made = act();
      if (made && isPromise(made)) made = await made;
      if (made === undefined || made === null) return;
      if (isAsyncGenerator(made)) await this._pullAsync(made);
      else if (isGenerator(made) || Array.isArray(made)) await this._pull(made);
      else this.put('success', made, null);
    } catch (error) {
      this.error = error ?? new Error('the source threw nothing');
    } finally {
      this.isEnded = true;
      this._poke();
    }
  }

  async _pull(made) {
    let until = performance.now() + TURN_MS;
    for (const content of made) {
      if (content !== undefined && content !== null) this.put('success', content, null);
      if (this.isStopping) return;
      if (this._messages.length >= CAPACITY || performance.now() > until) {
        await this._pause();
        until = performance.now() + TURN_MS;
      }
    }
  }

  async _pullAsync(made) {
    let until = performance.now() + TURN_MS;
    for await (const content of made) {
      if (content !== undefined && content !== null) this.put('success', content, null);
      if (this.isStopping) return;
      this._poke();
      if (this._messages.length >= CAPACITY || performance.now() > until) {
        await this._pause();
        until = performance.now() + TURN_MS;
      }
    }
  }

  // Let others have their turn, and wait until there is room.
  async _pause() {
    this._poke();
    await new Promise((resume) => setImmediate(resume));
    while (this._messages.length >= CAPACITY && !this.isStopping) {
      await new Promise((resume) => {
        this._room = resume;
      });
    }
  }

  get hasMore() {
    return this._messages.length > 0 || this.isEnded;
  }

  // Whether everything has been taken and nothing more will come.
  get isExhausted() {
    return this.isEnded && this._messages.length === 0;
  }

  // A batch of messages, and the state as of the last of them.
  take() {
    let size = 0;
    let n = 0;
    while (n < this._messages.length && n < MAX_MESSAGES && size < MAX_BYTES) size += this._messages[n++][1].length;
    const taken = this._messages.splice(0, n);
    this._taken += taken.length;
    this._room?.();
    this._room = null;
    const isLast = this.isExhausted && this.error === null;
    return [taken, this.state.writes(isLast ? Infinity : this._taken)];
  }
}

// What a source is handed as `ctx`.
class SourceContext {
  constructor(feed, surroundings) {
    this._feed = feed;
    this._surroundings = surroundings;
    this.state = feed.state;
    this.params = surroundings.params;
    this.secrets = surroundings.secrets;
    this.log = surroundings.log;
    this.attributes = Object.freeze({});
    this.attempt = 0;
  }

  emit(port, content, attributes = null) {
    this._surroundings.checkPort(port);
    this._feed.put(port, content, attributes && { ...textOnly(attributes) });
  }

  now() {
    return Date.now() / 1000;
  }
}

// One run of a source.
class SourceRun {
  constructor(host, head, code, surroundings) {
    this._host = host;
    this.index = head.step;
    this._id = head.id;
    this.credit = head.credit;
    this._carefulLeft = head.careful ?? 0;
    this._serial = 0;
    this._made = head.yielded;
    this._isOver = false;
    this._feed = new Feed(new SourceState(host.fetch(head.step, null)), head.yielded, () => host.wake());
    const context = new SourceContext(this._feed, surroundings);
    setImmediate(() => this._feed.run(() => code.function(context)));
  }

  get isReady() {
    return this.credit > 0 && !this._isOver && this._feed.hasMore;
  }

  stop() {
    this._isOver = true;
    this._feed.isStopping = true;
    this._feed.take();
  }

  // Make one batch.
  async advance() {
    const { _feed: feed, _host: host } = this;
    const [messages, state] = feed.take();
    const { error } = feed;
    if (messages.length === 0 && error !== null) {
      this._isOver = true;
      const { type, message, traceback } = describe(error);
      host.channel.send({ k: 'source_failed', id: this._id, step: this.index, type, message, traceback, delay: 0 });
      return;
    }
    const isEnd = feed.isExhausted && error === null;
    host.begin(this._id);
    host.stage.origins.begin([[0, host.stage.places[this.index].id, this._made]]);
    host.stage.isCareful = this._carefulLeft-- > 0;
    let first = 0;
    for (const [port, run] of runs(messages)) {
      const attributes = run.some(([, , extra]) => extra) ? run.map(([, , extra]) => extra) : null;
      host.stage.source(this.index, port, join(run.length, run.map(([, packed]) => packed)), run.length, first, attributes);
      first += run.length;
    }
    await host.stage.run();
    this._serial++;
    this._made += messages.length;
    this.credit--;
    this._isOver ||= isEnd;
    const extra = { source: [this.index, this._serial, messages.length], end: isEnd };
    host.sendResult(this._id, extra, state.map((write) => [this.index, ...write]));
  }
}

// Messages by port, as long as the port stays the same.
function runs(messages) {
  const found = [];
  for (const message of messages) {
    if (!found.length || found.at(-1)[0] !== message[0]) found.push([message[0], []]);
    found.at(-1)[1].push(message);
  }
  return found;
}

module.exports = { SourceRun };
