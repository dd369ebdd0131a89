'use strict';
// What a task brings, as intake.py: its batches as rows, which are then run a slice at a time.

const { split, unpack } = require('./decode');
const { join } = require('./encode');
const { Rows, concatenate } = require('./rows');
const { openBatch } = require('./wire');

const SLICE_MS = 100;
const FIRST = 8;
const GROWTH = 4;
const MOST = 1 << 20;

// How many messages to take at a time, learned from how long the last ones took.
class Pace {
  constructor() {
    this.size = FIRST;
  }

  learn(messages, milliseconds) {
    const fitting = milliseconds > 0 ? Math.floor((messages * SLICE_MS) / milliseconds) : messages * GROWTH;
    this.size = Math.max(1, Math.min(fitting, Math.max(this.size, messages) * GROWTH, MOST));
  }
}

// The rows of a task.
class Intake {
  constructor(segments, body) {
    const parts = [];
    this._attempts = [];
    this.given = []; // where in the rows each batch begins, its id, and the index of the first message that is meant
    let offset = 0;
    for (const [size, lo, hi, attempt, kind, id] of segments) {
      this.given.push([this._attempts.length, id, lo]);
      parts.push(rowsOfBatch(body.subarray(offset, offset + size), lo, hi, kind));
      for (let row = lo; row < hi; row++) this._attempts.push(attempt);
      offset += size;
    }
    this.rows = concatenate(parts);
  }

  get length() {
    return this.rows.length;
  }

  // Some of the rows; all of them as they are.
  part(lo, hi) {
    return hi - lo === this.rows.length ? this.rows : this.rows.part(lo, hi);
  }

  // Tries made before by those rows; null when there were none.
  attempts(lo, hi) {
    const attempts = this._attempts.slice(lo, hi);
    return attempts.some((attempt) => attempt > 0) ? attempts : null;
  }
}

function rowsOfBatch(batch, lo, hi, kind) {
  const [n, packed, packedAttributes] = openBatch(batch);
  const attributes = unpack(packedAttributes);
  if (lo === 0 && hi === n) return new Rows(packed, n, null, attributes, kind);
  return new Rows(join(hi - lo, split(packed).slice(lo, hi)), hi - lo, null, attributes && attributes.slice(lo, hi), kind);
}

module.exports = { Intake, Pace };
