'use strict';
// A join, as join_step.py: its function is called when every port has a message, first with first. What waits is state rows
// [packed content, attributes, spans]; large content stays in its file.

const { named } = require('./claims');
const { join, pack } = require('./encode');
const { claimsRead, unpack } = require('./decode');
const { Caller } = require('./step');
const { describe } = require('./failure');

const JOINED = 1;

class JoinStep {
  constructor(made, { code, ports, store }) {
    this._function = code.function;
    this._names = code.names;
    this._byField = code.fields.length > 0;
    this._ports = ports;
    this._caller = new Caller(made);
    this._state = made.surroundings.state;
    this._store = store;
  }

  // Whether a function, called so, takes its input ports by name.
  static fits(code, ports) {
    const named = code.fields.length ? code.fields : code.names;
    return ports.length > 1 && ports.every((port) => named.includes(port));
  }

  async process(port, rows, out) {
    const { _caller: caller } = this;
    const sent = { index: [], attributes: [], emitted: [], origins: new Map() };
    caller.open();
    for (let row = 0; row < rows.length; row++) {
      const content = rows.contents[row];
      if (rows.kind === JOINED) {
        await this._fire(row, this._store.load(content), null, sent, out);
        continue;
      }
      const arrived = [rows.original(row), rows.attributesOf(row), out.spans(row)];
      const members = this._complete(port, arrived, named([content]));
      if (members) await this._fire(row, members, out.together(spansOf(members, port)), sent, out);
    }
    const { n } = caller.sent;
    const packed = caller.close();
    sendByPort(sent, out);
    out.send('success', packed, n, sent.index, sent.attributes, madeOf(sent, sent.index));
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

  // The set that this message completes, taken out of the state; or null, and the message waits.
  _complete(port, arrived, files) {
    const others = this._ports.filter((name) => name !== port);
    if (this._waits(port) || !others.every((name) => this._waits(name))) {
      const tail = this._count('tail', port);
      this._state.hold(`${port}:${tail}`, arrived, files);
      this._state.set(`tail:${port}`, tail + 1);
      return null;
    }
    const members = { [port]: arrived };
    for (const name of others) {
      const head = this._count('head', name);
      members[name] = this._state.get(`${name}:${head}`);
      this._state.delete(`${name}:${head}`);
      this._state.set(`head:${name}`, head + 1);
    }
    return members;
  }

  // Call with a complete set, which is the row itself or was put together here.
  async _fire(row, members, origin, sent, out) {
    const { _caller: caller } = this;
    const merged = Object.assign({}, ...this._ports.map((name) => members[name][1]));
    caller.call.begin({ attributesOf: () => merged }, out.attempts && [out.attempts[row]]);
    this._state.keep();
    try {
      await caller.once(0, (ctx) => this._call(members, ctx));
    } catch (error) {
      this._failed(row, members, origin, describe(error), out);
      return;
    }
    const made = caller.keep();
    sent.origins.set(row, origin ?? out.rows.originOf(row));
    const carried = Object.keys(merged).length ? merged : null;
    for (let count = 0; count < made; count++) {
      sent.index.push(row);
      sent.attributes.push(carried);
    }
    for (const [, port, packed, extra] of caller.call.emitted) sent.emitted.push([row, port, packed, extra ?? carried]);
  }

  _call(members, ctx) {
    const contents = Object.fromEntries(this._ports.map((name) => [name, this._store.load(unpack(members[name][0]))]));
    if (this._byField) return this._function(contents, ctx);
    return this._function(...this._names.map((name) => (name in contents ? contents[name] : name === 'ctx' ? ctx : undefined)));
  }

  // The whole set waits for another try, or every member goes to `failure` for itself.
  _failed(row, members, origin, error, out) {
    if (out.mayRetry(row, error)) {
      out.retry(row, error, pack(this._loaded(members), 1), JOINED, origin);
      return;
    }
    for (const name of this._ports) {
      const [packed, attributes, spans] = members[name];
      out.giveUp(row, error, packed, { ...attributes, 'join.port': name }, spans ? out.together(spans) : origin);
    }
  }

  // The members with their whole content: a queue knows of no files that are named inside a content.
  _loaded(members) {
    if (!claimsRead()) return members;
    const whole = ([packed, ...rest]) => [pack(this._store.load(unpack(packed)), 1), ...rest];
    return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, whole(member)]));
  }
}

// Where the members came from, the one that completed the set last; older ones do not know.
function spansOf(members, last) {
  const names = [...Object.keys(members).filter((name) => name !== last), last];
  return names.flatMap((name) => members[name][2] ?? []);
}

function madeOf(sent, index) {
  return index.map((row) => sent.origins.get(row));
}

// As `sendEmitted`, for messages whose attributes are known.
function sendByPort(sent, out) {
  for (const port of new Set(sent.emitted.map(([, name]) => name))) {
    const messages = sent.emitted.filter(([, name]) => name === port);
    const packed = join(messages.length, messages.map((message) => message[2]));
    const index = messages.map(([row]) => row);
    out.send(port, packed, messages.length, index, messages.map((message) => message[3]), madeOf(sent, index));
  }
}

module.exports = { JoinStep };
