'use strict';
// A join, as join_step.py: its function is called when every port has a message, first with first. What waits is state rows.

const { join, pack } = require('./encode');
const { unpack } = require('./decode');
const { Caller } = require('./step');
const { describe } = require('./failure');

const JOINED = 1;

class JoinStep {
  constructor(made, { code, ports, resolve }) {
    this._function = code.function;
    this._names = code.names;
    this._byField = code.fields.length > 0;
    this._ports = ports;
    this._caller = new Caller(made);
    this._state = made.surroundings.state;
    this._resolve = resolve;
  }

  // Whether a function, called so, takes its input ports by name.
  static fits(code, ports) {
    const named = code.fields.length ? code.fields : code.names;
    return ports.length > 1 && ports.every((port) => named.includes(port));
  }

  async process(port, rows, out) {
    const { _caller: caller } = this;
    const sent = { index: [], attributes: [], emitted: [] };
    caller.open();
    for (let row = 0; row < rows.length; row++) {
      const isWhole = rows.kind === JOINED;
      const members = isWhole ? rows.contents[row] : this._complete(port, this._packed(rows, row), rows.attributesOf(row));
      if (members) await this._fire(row, members, sent, out);
    }
    const { n } = caller.sent;
    const packed = caller.close();
    sendByPort(sent.emitted, out);
    out.send('success', packed, n, sent.index, sent.attributes);
  }

  // What has no partner stays where it is; `unpaired` tells.
  flush() {}

  // How many messages wait at each port that has any.
  unpaired() {
    const counts = this._ports.map((port) => [port, this._count('tail', port) - this._count('head', port)]);
    return Object.fromEntries(counts.filter(([, count]) => count));
  }

  _count(which, port) {
    return this._state.get(`${which}:${port}`, 0);
  }

  _waits(port) {
    return this._count('head', port) < this._count('tail', port);
  }

  // A message's content, packed: as it arrived, or what its claim stands for.
  _packed(rows, row) {
    const [content] = this._resolve([rows.contents[row]]);
    return content === rows.contents[row] ? rows.original(row) : pack(content, 1);
  }

  // The set that this message completes, taken out of the state; or null, and the message waits.
  _complete(port, packed, attributes) {
    const others = this._ports.filter((name) => name !== port);
    if (this._waits(port) || !others.every((name) => this._waits(name))) {
      const tail = this._count('tail', port);
      this._state.set(`${port}:${tail}`, [packed, attributes]);
      this._state.set(`tail:${port}`, tail + 1);
      return null;
    }
    const members = { [port]: [packed, attributes] };
    for (const name of others) {
      const head = this._count('head', name);
      members[name] = this._state.get(`${name}:${head}`);
      this._state.delete(`${name}:${head}`);
      this._state.set(`head:${name}`, head + 1);
    }
    return members;
  }

  // Call with a complete set.
  async _fire(row, members, sent, out) {
    const { _caller: caller } = this;
    const merged = Object.assign({}, ...this._ports.map((name) => members[name][1]));
    caller.call.begin({ attributesOf: () => merged }, null);
    this._state.keep();
    try {
      await caller.once(0, (ctx) => this._call(members, ctx));
    } catch (error) {
      this._failed(row, members, describe(error), out);
      return;
    }
    const made = caller.keep();
    const carried = Object.keys(merged).length ? merged : null;
    for (let count = 0; count < made; count++) {
      sent.index.push(row);
      sent.attributes.push(carried);
    }
    for (const [, port, packed, extra] of caller.call.emitted) sent.emitted.push([row, port, packed, extra ?? carried]);
  }

  _call(members, ctx) {
    const contents = Object.fromEntries(this._ports.map((name) => [name, unpack(members[name][0])]));
    if (this._byField) return this._function(contents, ctx);
    return this._function(...this._names.map((name) => (name in contents ? contents[name] : name === 'ctx' ? ctx : undefined)));
  }

  // The whole set waits for another try, or every member goes to `failure` for itself.
  _failed(row, members, error, out) {
    if (out.retry(row, error, pack(members, 1), JOINED)) return;
    for (const name of this._ports) {
      const [packed, attributes] = members[name];
      out.giveUp(row, error, packed, { ...attributes, 'join.port': name });
    }
  }
}

// As `sendEmitted`, for messages whose attributes are known.
function sendByPort(emitted, out) {
  for (const port of new Set(emitted.map(([, name]) => name))) {
    const messages = emitted.filter(([, name]) => name === port);
    const packed = join(messages.length, messages.map((message) => message[2]));
    out.send(port, packed, messages.length, messages.map(([row]) => row), messages.map((message) => message[3]));
  }
}

module.exports = { JoinStep };
