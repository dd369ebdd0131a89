'use strict';
// Steps that call a user's function.

const { claimsRead } = require('./decode');
const { Stream } = require('./encode');
const { Context, sendEmitted } = require('./context');
const { Failure, describe } = require('./failure');

const ALIVE_MS = 1000;
const DEFAULT_OUTPUT_BYTES = 1 << 30;

// What came back from a call, besides a message.
const isPromise = (value) => typeof value.then === 'function';
const isGenerator = (value) => typeof value.next === 'function' && typeof value[Symbol.iterator] === 'function';
const isAsyncGenerator = (value) => typeof value.next === 'function' && typeof value[Symbol.asyncIterator] === 'function';

// Calls a step's function and packs what it makes at once, so that what happens to an object later changes nothing.
class Caller {
  constructor({ surroundings, call, guard, memory }) {
    this.call = call;
    this.guard = guard;
    this.state = surroundings.state;
    this._surroundings = surroundings;
    this._limit = memory ? Math.floor(memory / 2) : DEFAULT_OUTPUT_BYTES;
    this.renew();
  }

  // Begin to collect messages.
  open() {
    this.sent = new Stream(this._limit);
  }

  // The packed messages collected.
  close() {
    this.guard.rest();
    return this.sent.end();
  }

  // A context of its own for the next call: the last one is over.
  renew() {
    this.ctx?.end();
    this.ctx = new Context(this.call, this._surroundings);
  }

  // A call begins.
  begin(row) {
    this.call.row = row;
    this.sent.mark();
    this._emitted = this.call.emitted.length;
  }

  // The call went well; how many messages it made.
  keep() {
    this.state.keep();
    return this.sent.n - this.sent.marked;
  }

  // The call failed: nothing it did counts.
  undo() {
    this.sent.cut();
    this.call.emitted.length = this._emitted;
    this.state.undo();
  }

  // Take what a call returned; the promise to wait for, if that is not all.
  take(result) {
    if (result === undefined || result === null) return undefined;
    if (typeof result === 'object') {
      const prototype = Object.getPrototypeOf(result);
      if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return this._takeObject(result);
    }
    this.sent.add(result);
    return undefined;
  }

  _takeObject(result) {
    if (isPromise(result)) return result.then((settled) => this.take(settled));
    if (isGenerator(result)) {
      for (const content of result) if (content !== undefined && content !== null) this.sent.add(content);
    } else if (isAsyncGenerator(result)) {
      return this._takeAll(result);
    } else {
      this.sent.add(result);
    }
    return undefined;
  }

  async _takeAll(generator) {
    const { ctx } = this;
    for await (const content of generator) {
      if (this.ctx !== ctx) return; // given up meanwhile
      if (content !== undefined && content !== null) this.sent.add(content);
    }
  }

  // One whole call, apart from others; throws what the function throws.
  async once(row, act) {
    this.begin(row);
    let pending;
    let thrown = null;
    const cut = this.guard.wasCut(() => {
      try {
        pending = this.take(act(this.ctx));
      } catch (error) {
        thrown = { error };
      }
    });
    try {
      if (cut) throw this.guard.timeout;
      if (thrown) throw thrown.error;
      if (pending) await this.guard.settled(pending);
    } catch (error) {
      this.undo();
      throw error;
    } finally {
      if (pending) this.renew();
    }
  }
}

// A function called once a message with the content.
class EachStep {
  constructor(made, { code, resolve, alive }) {
    this._function = code.function;
    this._caller = new Caller(made);
    this._resolve = resolve;
    this._alive = alive;
    this._isAsync = false;
  }

  async process(_port, rows, out) {
    const { _caller: caller } = this;
    const work = { contents: this._resolve(rows.contents), row: 0, index: [], out, told: performance.now() };
    caller.call.begin(rows, out.attempts);
    caller.open();
    while (work.row < work.contents.length) {
      if (this._isAsync) await this._waitFor(work, undefined);
      else await this._callSome(work);
      this._tell(work);
    }
    const { n } = caller.sent;
    const packed = caller.close();
    sendEmitted(caller.call.emitted, out);
    out.send('success', packed, n, isRun(work.index, rows.length) ? null : work.index);
  }

  flush() {}

  // Calls until one has to be waited for, or for a while.
  async _callSome(work) {
    let pending;
    const cut = this._caller.guard.wasCut(() => {
      pending = this._loop(work);
    });
    if (cut) this._fail(work, this._caller.guard.timeout);
    else if (pending) await this._waitFor(work, pending);
  }

  _loop(work) {
    const { _function: called, _caller: caller } = this;
    const { contents, index } = work;
    const { ctx, guard } = caller;
    const until = performance.now() + guard.sliceMs;
    while (work.row < contents.length) {
      const { row } = work;
      caller.begin(row);
      try {
        const pending = caller.take(called(contents[row], ctx));
        if (pending !== undefined) return pending;
        for (let made = caller.keep(); made > 0; made--) index.push(row);
        work.row++;
      } catch (error) {
        this._fail(work, error);
      }
      if (performance.now() > until) break;
    }
    return undefined;
  }

  // One call that has to be waited for: begun already when `pending` is given.
  async _waitFor(work, pending) {
    const { _caller: caller } = this;
    this._isAsync = true;
    try {
      if (pending === undefined) {
        caller.begin(work.row);
        pending = caller.take(this._function(work.contents[work.row], caller.ctx));
      }
      if (pending !== undefined) await caller.guard.settled(pending);
      for (let made = caller.keep(); made > 0; made--) work.index.push(work.row);
      work.row++;
    } catch (error) {
      this._fail(work, error);
    }
    caller.renew();
  }

  _fail(work, error) {
    this._caller.undo();
    work.out.fail(work.row, describe(error));
    work.row++;
  }

  _tell(work) {
    const now = performance.now();
    if (now - work.told < ALIVE_MS) return;
    work.told = now;
    this._alive(work.row);
  }
}

// A function called once a batch with the list of contents; on failure halves are tried until the bad message is alone.
class BatchStep {
  constructor(made, { code, resolve }) {
    this._function = code.function;
    this._caller = new Caller(made);
    this._resolve = resolve;
  }

  async process(_port, rows, out) {
    const { _caller: caller } = this;
    caller.call.begin(rows, out.attempts);
    caller.open();
    const index = [];
    const pending = [[this._resolve(rows.contents), Array.from(rows.contents.keys())]];
    while (pending.length) {
      const [contents, members] = pending.pop();
      try {
        await caller.once(members[0], (ctx) => this._call(contents, ctx, members, index));
        caller.keep();
      } catch (error) {
        index.length = caller.sent.n;
        if (members.length === 1) {
          out.fail(members[0], describe(error));
          continue;
        }
        const originals = this._resolve(rows.originals());
        const half = members.length >> 1;
        for (const part of [members.slice(half), members.slice(0, half)]) pending.push([part.map((row) => originals[row]), part]);
      }
    }
    const { n } = caller.sent;
    const packed = caller.close();
    sendEmitted(caller.call.emitted, out);
    out.send('success', packed, n, index);
  }

  flush() {}

  _call(contents, ctx, members, index) {
    const result = this._function(contents, ctx);
    const take = (results) => {
      const listed = Array.from(results ?? []);
      if (listed.length !== members.length) {
        const counts = `got ${members.length}, returned ${listed.length}`;
        throw new Failure('RangeError', `a batch function must return as many results as it got contents; ${counts}`);
      }
      listed.forEach((content, position) => {
        if (content === undefined || content === null) return;
        this._caller.sent.add(content);
        index.push(members[position]);
      });
    };
    return result && isPromise(result) ? result.then(take) : take(result);
  }
}

function isRun(index, length) {
  return index.length === length && index.every((row, position) => row === position);
}

function resolver(store) {
  return (contents) => (claimsRead() ? store.resolve(contents) : contents);
}

module.exports = { Caller, EachStep, BatchStep, resolver, isGenerator, isAsyncGenerator, isPromise };
