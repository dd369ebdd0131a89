'use strict';
// Calls of user code, watched: synchronous code that runs too long is cut off by V8, waiting that lasts too long is given up.
//
// V8 can cut JavaScript off at any point, but each such watch costs a tenth of a millisecond. So one watch covers many calls: the
// caller returns from time to time, and each call has at least its whole time, at most a quarter more.

const vm = require('node:vm');

const decode = require('./decode');

const LONGEST_SLICE_MS = 250;
const EXIT_TIMEOUT = 75;
const HOOK = '__pyfi_guarded__';
const script = new vm.Script(`globalThis.${HOOK}()`, { filename: 'guard' });
let guarded = null;
Object.defineProperty(globalThis, HOOK, { value: () => guarded() });

class CallTimeout extends Error {
  constructor(seconds) {
    super(`the call took longer than ${seconds} s`);
    this.stack = String(this.message);
  }
}
CallTimeout.prototype.name = 'CallTimeout';

class Guard {
  // `isExposed()` tells whether the host is at work on something that must not be cut off.
  constructor(seconds, isExposed) {
    this.seconds = seconds;
    this.sliceMs = seconds > 0 ? Math.min(seconds * 250, LONGEST_SLICE_MS) : LONGEST_SLICE_MS;
    this._isExposed = isExposed;
    this._waiting = null;
    this._timer = null;
  }

  // Run `act`, which returns after `sliceMs` at the end of a call; whether it was cut off.
  wasCut(act) {
    if (!(this.seconds > 0)) {
      act();
      return false;
    }
    guarded = act;
    try {
      script.runInThisContext({ timeout: Math.ceil(this.seconds * 1000 + this.sliceMs), displayErrors: false });
      return false;
    } catch (error) {
      if (error?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      if (this._isExposed()) process.reallyExit(EXIT_TIMEOUT);
      decode.reset();
      return true;
    }
  }

  // What a promise resolves to, or a CallTimeout.
  settled(promise) {
    if (!(this.seconds > 0)) return promise;
    return new Promise((resolve, reject) => {
      this._waiting = { reject, until: performance.now() + this.seconds * 1000 };
      this._timer ??= setInterval(() => this._tick(), Math.min(Math.max(this.seconds * 50, 5), 100));
      promise.then(resolve, reject);
    });
  }

  // Nothing is waited for any more.
  rest() {
    clearInterval(this._timer);
    this._timer = null;
    this._waiting = null;
  }

  get timeout() {
    return new CallTimeout(this.seconds);
  }

  _tick() {
    const waiting = this._waiting;
    if (waiting !== null && performance.now() > waiting.until) {
      this._waiting = null;
      waiting.reject(this.timeout);
    }
  }
}

module.exports = { Guard, CallTimeout };
