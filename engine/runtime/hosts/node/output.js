'use strict';
// What a host writes: log lines as frames, a task's outputs as batches.

const { Writable } = require('node:stream');
const { Console } = require('node:console');

const { named } = require('./claims');
const { claimsRead, unpack } = require('./decode');
const { join, pack } = require('./encode');
const { clean } = require('./failure');
const { batch } = require('./wire');

const MAX_BYTES = 1 << 20;
const MOST_LINE = 4_000;
const MOST_LINES = 200;

// Log lines as frames, so many a task.
class Log {
  constructor(channel, step) {
    this._channel = channel;
    this._step = step;
    this._lines = new Map();
  }

  // A task ends: tell how many lines were left out.
  end() {
    for (const [step, count] of this._lines) {
      if (count > MOST_LINES) this._send(step, 'warning', `${(count - MOST_LINES).toLocaleString('en')} more lines were left out`);
    }
    this._lines.clear();
  }

  // A line of a step (default: the one that is running).
  write(level, text, step = this._step()) {
    const count = (this._lines.get(step) ?? 0) + 1;
    this._lines.set(step, count);
    if (count <= MOST_LINES) this._send(step, level, text);
  }

  _send(step, level, text) {
    this._channel.send({ k: 'log', step, level, text: clean(text.slice(0, MOST_LINE)) });
  }
}

// Takes the place of a stream of the process: whole lines go to the log.
class Printed extends Writable {
  constructor(log, level) {
    super({ decodeStrings: false });
    this._log = log;
    this._level = level;
    this._line = '';
  }

  _write(piece, _encoding, done) {
    const lines = (this._line + piece.toString()).split('\n');
    this._line = lines.pop();
    for (const whole of lines) this._log.write(this._level, whole);
    if (this._line.length > MOST_LINE) this.finish();
    done();
  }

  // The task ends: a line without an end ends here.
  finish() {
    if (this._line) this._log.write(this._level, this._line);
    this._line = '';
  }
}

// Send what user code prints to the log. Returns a function that ends unfinished lines.
function capture(log) {
  const [stdout, stderr, warning, debug] = ['info', 'error', 'warning', 'debug'].map((level) => new Printed(log, level));
  Object.defineProperty(process, 'stdout', { value: stdout, configurable: true });
  Object.defineProperty(process, 'stderr', { value: stderr, configurable: true });
  const console = new Console(stdout, stderr);
  const warnings = new Console(warning);
  const details = new Console(debug);
  console.warn = warnings.log.bind(warnings);
  console.debug = details.log.bind(details);
  globalThis.console = console;
  return () => {
    stdout.finish();
    stderr.finish();
  };
}

// An output as batches of `most` messages and a bearable size: [batch, messages, origins, claims]; large contents are put in files.
function batches({ rows }, store, most) {
  const { packed, length } = rows;
  if (packed.length <= MAX_BYTES && length <= most) {
    const claims = claimsRead() ? named(unpack(packed)) : [];
    return [[batch(packed, length, rows.attributes), length, originsOf(rows), claims]];
  }
  return pieces(rows, store, most).map((piece) => [
    batch(
      join(piece.packed.length, piece.packed),
      piece.packed.length,
      rows.attributes && piece.rows.map((row) => rows.attributes[row]),
    ),
    piece.packed.length,
    origins(piece.rows.map((row) => rows.originOf(row))),
    piece.claims,
  ]);
}

function pieces(rows, store, most) {
  const made = [];
  let size = MAX_BYTES;
  for (let row = 0; row < rows.length; row++) {
    let packed = rows.original(row);
    let claims = claimsRead() ? named([unpack(packed)]) : [];
    if (packed.length > store.limit) {
      const claim = store.put(packed);
      packed = pack(claim);
      claims = [claim.id];
    }
    if (size + packed.length > MAX_BYTES || made.at(-1).rows.length >= most) {
      made.push({ packed: [], rows: [], claims: [] });
      size = 0;
    }
    size += packed.length;
    const piece = made.at(-1);
    piece.packed.push(packed);
    piece.rows.push(row);
    piece.claims.push(...claims);
  }
  return made;
}

function originsOf(rows) {
  return rows.origins === null ? [0, rows.length] : origins(rows.origins);
}

// Where messages came from: [first, count] for a run, else the list.
function origins(listed) {
  const [first] = listed;
  return listed.every((origin, index) => origin === first + index) ? [first, listed.length] : { rows: listed };
}

module.exports = { Log, capture, batches, MAX_BYTES };
