'use strict';
// Where messages came from, as origins.py: spans [id, lo, hi, lo, hi, ...], and within a task numbers, below zero for sets.

// What one task was given, and the sets it made of it and of what had waited.
class Origins {
  constructor() {
    this.begin([[0, '', 0]]);
  }

  // A task begins, with batches laid end to end: [row of the first message, id, index of that message in the batch].
  begin(given) {
    this.sets = [];
    this._given = given;
  }

  // What an origin stands for.
  spans(origin) {
    if (origin < 0) return this.sets[-1 - origin];
    const [start, id, first] = this._given.findLast(([row]) => row <= origin);
    const index = first + origin - start;
    return [[id, index, index + 1]];
  }

  // The origin of a message made of all these.
  together(spans) {
    this.sets.push(joined(spans));
    return -this.sets.length;
  }
}

// The same places in the same order, in as few numbers as possible.
function joined(spans) {
  const found = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (!last || !isSame(last[0], span[0])) {
      found.push([...span]);
      continue;
    }
    for (let position = 1; position < span.length; position += 2) {
      if (last.at(-1) === span[position]) last[last.length - 1] = span[position + 1];
      else last.push(span[position], span[position + 1]);
    }
  }
  return found;
}

function isSame(one, other) {
  return typeof one === 'string' || typeof other === 'string' ? one === other : one.equals(other);
}

module.exports = { Origins };
