'use strict';

const { split, unpack } = require('./decode');
const { join } = require('./encode');

// Messages that cross one connection together.
//
// Row i came from row `origins[i]` of the task's input (null: i itself). The messages are kept packed, as they left the step that
// made them; `contents` unpacks them when first asked for, and then they are the step's that asked to do with as it likes.
// `kind` other than 0 marks contents that are a step's own.
class Rows {
  constructor(packed, n, origins = null, attributes = null, kind = 0) {
    this.packed = packed;
    this.length = n;
    this.origins = origins;
    this.attributes = attributes;
    this.kind = kind;
    this._contents = null;
    this._parts = null;
    this._whole = null;
    this._first = 0;
  }

  get contents() {
    this._contents ??= this._whole ? this._whole.contents.slice(this._first, this._first + this.length) : unpack(this.packed);
    return this._contents;
  }

  // Every content as it arrived, whatever has been done to `contents` since.
  originals() {
    return this._whole ? this._whole.originals().slice(this._first, this._first + this.length) : unpack(this.packed);
  }

  // A message's content as it arrived, packed.
  original(row) {
    if (this._whole) return this._whole.original(this._first + row);
    this._parts ??= split(this.packed);
    return this._parts[row];
  }

  // The rows from `lo` up to `hi`.
  part(lo, hi) {
    const origins = Array.from({ length: hi - lo }, (_, row) => this.originOf(lo + row));
    const part = new Rows(null, hi - lo, origins, this.attributes && this.attributes.slice(lo, hi), this.kind);
    part._whole = this;
    part._first = lo;
    return part;
  }

  attributesOf(row) {
    return this.attributes?.[row] ?? {};
  }

  originOf(row) {
    return this.origins === null ? row : this.origins[row];
  }

  // The same messages, for another step.
  copy() {
    return new Rows(this.packed, this.length, this.origins, this.attributes);
  }

  // Some of the messages, as they arrived, or with other packed contents and origins.
  take(rows, packed = rows.map((row) => this.original(row)), origins = rows.map((row) => this.originOf(row))) {
    const taken = rowsOf(
      packed,
      origins,
      this.attributes && rows.map((row) => this.attributes[row]),
    );
    taken.kind = this.kind;
    return taken;
  }
}

// Packed contents as rows.
function rowsOf(packed, origins, attributes = null) {
  return new Rows(join(packed.length, packed), packed.length, origins, attributes);
}

// Several rows as one, in order.
function concatenate(parts) {
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const attributes = parts.some((part) => part.attributes)
    ? parts.flatMap((part) => part.attributes ?? new Array(part.length).fill(null))
    : null;
  const bodies = parts.map((part) => part.packed.subarray(part.packed[0] < 0xa0 ? 1 : part.packed[0] === 0xdc ? 3 : 5));
  return new Rows(join(length, bodies), length, null, attributes, parts[0].kind);
}

module.exports = { Rows, rowsOf, concatenate };
