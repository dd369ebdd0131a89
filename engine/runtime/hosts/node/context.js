'use strict';
// What user code is handed as `ctx`, and what the stage notes while it runs.

const { inspect } = require('util');

const { join, pack } = require('./encode');

const LEVELS = ['debug', 'info', 'warning', 'error'];

// Where a step is in its rows, and what its function has emitted so far.
class Call {
  constructor() {
    this.begin(null, null);
  }

  begin(rows, attempts) {
    this.rows = rows;
    this.attempts = attempts;
    this.row = 0;
    this.emitted = [];
  }

  attributes() {
    return this.rows?.attributesOf(this.row) ?? {};
  }
}

// What a step's contexts share.
class Surroundings {
  constructor(spec, state, write) {
    this.params = Object.freeze({ ...spec.params });
    this.secrets = Object.freeze({ ...spec.secrets });
    this.outputs = new Set(spec.outputs);
    this.state = state;
    this.log = (...parts) => write('info', parts.map(textOf).join(' '));
    for (const level of LEVELS) this.log[level] = (...parts) => write(level, parts.map(textOf).join(' '));
  }

  checkPort(port) {
    if (!this.outputs.has(port)) {
      throw new RangeError(`there is no output '${port}'; this processor has ${[...this.outputs].sort().join(', ')}`);
    }
  }
}

// One step's view of the flow while its function runs. Once the call it was made for is over, it takes nothing more.
class Context {
  constructor(call, surroundings) {
    this._call = call;
    this._surroundings = surroundings;
    this.params = surroundings.params;
    this.secrets = surroundings.secrets;
    this.state = surroundings.state;
    this.log = surroundings.log;
  }

  // The message's attributes; to send others, pass them to `emit`.
  get attributes() {
    return Object.freeze({ ...this._live().attributes() });
  }

  // How many tries this message has had at this step before.
  get attempt() {
    const call = this._live();
    return call.attempts?.[call.row] ?? 0;
  }

  // Send `content`, as it is now, to an output, with the message's attributes and, over them, the given ones.
  emit(port, content, attributes = null) {
    const call = this._live();
    this._surroundings.checkPort(port);
    const extra = attributes ? { ...call.attributes(), ...textOnly(attributes) } : null;
    call.emitted.push([call.row, port, pack(content, 1), extra]);
  }

  // Seconds since the epoch.
  now() {
    return Date.now() / 1000;
  }

  // The call is over; whatever of it still runs must not meddle with the next.
  end() {
    this._call = null;
  }

  _live() {
    if (this._call === null) {
      throw new Error('this call is over, so its ctx can no longer be used; await what the function starts');
    }
    return this._call;
  }
}

// As `console.log` shows it, but on one line.
function textOf(part) {
  return typeof part === 'string' ? part : inspect(part, { breakLength: Infinity });
}

function textOnly(attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'string') throw new TypeError(`attributes are text; '${name}' is of type ${typeof value}`);
  }
  return attributes;
}

// Send what was emitted, port by port, in the order of emission.
function sendEmitted(emitted, out) {
  const byPort = new Map();
  for (const message of emitted) {
    if (!byPort.has(message[1])) byPort.set(message[1], []);
    byPort.get(message[1]).push(message);
  }
  for (const [port, messages] of byPort) {
    const hasAttributes = out.rows.attributes || messages.some(([, , , extra]) => extra);
    out.send(
      port,
      join(messages.length, messages.map(([, , packed]) => packed)),
      messages.length,
      messages.map(([row]) => row),
      hasAttributes ? messages.map(([row, , , extra]) => extra ?? out.rows.attributes?.[row] ?? null) : null,
    );
  }
}

module.exports = { Call, Context, Surroundings, sendEmitted, textOnly };
