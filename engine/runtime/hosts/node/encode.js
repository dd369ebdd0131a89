'use strict';
// JavaScript values to MessagePack, with the extension types of values.py. What could not come back as itself is refused.

const { Decimal, DateTime, Day, Time, UUID, Duration, Complex, Tuple, FrozenSet, Claim } = require('./types');

const DEEPEST = 255; // as deep as the other hosts go
const EXTENSION_DEPTH = 5; // an extension counts as so many levels: it takes more of the stack where Python unpacks it
const SHORT = 24; // up to here a loop beats a call into the buffer
const MOST_BIG_INT_BITS = 8_000_000;
const MAX_INT64 = 0x7fffffffffffffffn;
const MIN_INT64 = -0x8000000000000000n;
const MAX_UINT64 = 0xffffffffffffffffn;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const isWellFormed = String.prototype.isWellFormed
  ? (text) => text.isWellFormed()
  : (text) => !LONE_SURROGATE.test(text);

const KEPT_BYTES = 16 << 20;

let out = Buffer.allocUnsafeSlow(1 << 16);
let view = new DataView(out.buffer);
let at = 0;

// A value that cannot cross a queue and come back as itself.
class UnsupportedValue extends TypeError {}
UnsupportedValue.prototype.name = 'UnsupportedValue';

// `value` in bytes of its own; throws UnsupportedValue. May be called while a Stream is open, or while another value is being
// packed (a getter of the user's may write state): what is written lies behind what is there, and is taken away again.
function pack(value, depth = 0) {
  const start = at;
  try {
    write(value, depth);
    return Buffer.from(out.subarray(start, at));
  } finally {
    at = start;
  }
}

// Packs messages one after the other as they are made, so that what their maker does to them later changes nothing.
class Stream {
  constructor(limit) {
    this._start = at;
    this._limit = limit;
    this.n = 0;
    this.mark();
  }

  // Add a message; throws UnsupportedValue, and then it is not there.
  add(value) {
    const start = at;
    try {
      write(value, 1);
    } catch (error) {
      at = start;
      throw error;
    }
    this.n++;
    if (at - this._markedAt > this._limit) {
      this.cut();
      const most = this._limit.toLocaleString('en');
      throw new RangeError(`one call may make messages of ${most} bytes in all; make fewer or smaller ones`);
    }
  }

  // Note where things stand, for `cut`.
  mark() {
    this._markedAt = at;
    this.marked = this.n;
  }

  // Take back what was added since the mark.
  cut() {
    at = this._markedAt;
    this.n = this.marked;
  }

  // The messages as a packed array; the stream is over.
  end() {
    const packed = join(this.n, [out.subarray(this._start, at)]);
    at = this._start;
    if (at === 0 && out.length > KEPT_BYTES) fresh();
    return packed;
  }
}

// A packed array of `n` values that are packed already.
function join(n, packed) {
  const head = n < 16 ? Buffer.of(0x90 | n) : n < 65536 ? Buffer.of(0xdc, n >> 8, n & 0xff) : Buffer.of(0xdd, 0, 0, 0, 0);
  if (n >= 65536) head.writeUInt32BE(n, 1);
  return Buffer.concat([head, ...packed]);
}

function fresh() {
  out = Buffer.allocUnsafeSlow(1 << 16);
  view = new DataView(out.buffer);
}

function room(size) {
  if (at + size <= out.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(out.length * 2, at + size));
  out.copy(grown, 0, 0, at);
  out = grown;
  view = new DataView(out.buffer);
}

function write(value, depth) {
  switch (typeof value) {
    case 'string': return writeText(value);
    case 'number': return writeNumber(value);
    case 'boolean': room(1); out[at++] = value ? 0xc3 : 0xc2; return undefined;
    case 'object': return writeObject(value, depth);
    case 'undefined': room(1); out[at++] = 0xc0; return undefined;
    case 'bigint': return writeBigInt(value);
    default: throw refused(typeof value);
  }
}

function refused(kind) {
  return new UnsupportedValue(`a value of type ${kind} cannot be carried; return plain objects, arrays, text, numbers or Buffers`);
}

function writeObject(value, depth) {
  if (value === null) {
    room(1);
    out[at++] = 0xc0;
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) writeMap(value, depth);
  else if (prototype === Array.prototype) writeArray(value, depth);
  else writeOther(value, depth);
}

function writeText(text) {
  const size = text.length;
  room(5 + 3 * size);
  if (size <= SHORT) {
    const start = at;
    out[at++] = 0xa0 | size;
    for (let index = 0; index < size; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        at = start;
        writeLongText(text, size);
        return;
      }
      out[at++] = code;
    }
    return;
  }
  writeLongText(text, size);
}

// The head is made for as many bytes as there are characters, and widened when it turns out that there are more.
function writeLongText(text, size) {
  let head = textHead(size);
  let written = out.utf8Write(text, at + head, 3 * size);
  if (written !== size) {
    if (!isWellFormed(text)) {
      throw new UnsupportedValue('text with lone surrogates cannot be carried; clean it with toWellFormed() or return a Buffer');
    }
    const wider = textHead(written);
    if (wider !== head) {
      room(5 + written);
      out.copyWithin(at + wider, at + head, at + head + written);
      head = wider;
    }
  }
  if (head === 1) out[at] = 0xa0 | written;
  else writeSize(head === 2 ? 0xd9 : head === 3 ? 0xda : 0xdb, head - 1, written);
  at += head + written;
}

function textHead(size) {
  if (size < 32) return 1;
  if (size < 256) return 2;
  return size < 65536 ? 3 : 5;
}

// A code and, in `width` bytes, a size, at the place where things are; which does not move.
function writeSize(code, width, size) {
  out[at] = code;
  if (width === 1) out[at + 1] = size;
  else if (width === 2) view.setUint16(at + 1, size);
  else view.setUint32(at + 1, size);
}

function writeNumber(value) {
  room(9);
  if (value === (value | 0) && (value !== 0 || 1 / value > 0)) {
    if (value >= 0) writePositive(value);
    else writeNegative(value);
  } else if (Number.isSafeInteger(value) && value !== 0) {
    writeLong(value);
  } else {
    out[at] = 0xcb;
    view.setFloat64(at + 1, value);
    at += 9;
  }
}

function writePositive(value) {
  if (value < 128) {
    out[at++] = value;
  } else if (value < 256) {
    out[at] = 0xcc;
    out[at + 1] = value;
    at += 2;
  } else if (value < 65536) {
    out[at] = 0xcd;
    view.setUint16(at + 1, value);
    at += 3;
  } else {
    out[at] = 0xce;
    view.setUint32(at + 1, value);
    at += 5;
  }
}

function writeNegative(value) {
  if (value >= -32) {
    out[at++] = value & 0xff;
  } else if (value >= -128) {
    out[at] = 0xd0;
    view.setInt8(at + 1, value);
    at += 2;
  } else if (value >= -32768) {
    out[at] = 0xd1;
    view.setInt16(at + 1, value);
    at += 3;
  } else {
    out[at] = 0xd2;
    view.setInt32(at + 1, value);
    at += 5;
  }
}

// A safe integer beyond 32 bits with a sign.
function writeLong(value) {
  if (value > 0 && value <= 0xffffffff) {
    writePositive(value);
    return;
  }
  const high = Math.floor(value / 4294967296);
  out[at] = value > 0 ? 0xcf : 0xd3;
  view.setInt32(at + 1, high);
  view.setUint32(at + 5, value - high * 4294967296);
  at += 9;
}

function writeBigInt(value) {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    writeNumber(Number(value));
  } else if (value >= MIN_INT64 && value <= MAX_UINT64) {
    room(9);
    out[at] = value > 0n ? 0xcf : 0xd3;
    if (value > MAX_INT64) view.setBigUint64(at + 1, value);
    else view.setBigInt64(at + 1, value);
    at += 9;
  } else {
    const digits = (value < 0n ? -value : value).toString(16);
    if (digits.length * 4 > MOST_BIG_INT_BITS) {
      throw new UnsupportedValue(`an integer of ${digits.length} hexadecimal digits is too large to carry; return it as a Buffer`);
    }
    writeExtension(7, () => writeAscii(`${value < 0n ? '-' : ''}0x${digits}`));
  }
}

function deeper(depth) {
  if (depth >= DEEPEST) throw new UnsupportedValue('the value is nested too deeply, or holds itself; return a flatter one');
  return depth + 1;
}

function writeArray(value, depth) {
  const inner = deeper(depth);
  const size = value.length;
  room(5);
  if (size < 16) {
    out[at++] = 0x90 | size;
  } else if (size < 65536) {
    writeSize(0xdc, 2, size);
    at += 3;
  } else {
    writeSize(0xdd, 4, size);
    at += 5;
  }
  for (let index = 0; index < size; index++) write(value[index], inner);
}

// Members that are undefined are left out, as JSON does; so the number of members is known only in the end.
function writeMap(value, depth) {
  const inner = deeper(depth);
  room(1);
  const start = at++;
  let size = 0;
  for (const key in value) {
    const member = value[key];
    if (member === undefined || !Object.hasOwn(value, key)) continue;
    writeText(key);
    write(member, inner);
    size++;
  }
  closeMap(start, size);
}

function closeMap(start, size) {
  if (size < 16) {
    out[start] = 0x80 | size;
    return;
  }
  const width = size < 65536 ? 2 : 4;
  room(width);
  out.copyWithin(start + 1 + width, start + 1, at);
  const stop = at + width;
  at = start;
  writeSize(width === 2 ? 0xde : 0xdf, width, size);
  at = stop;
}

function writeOther(value, depth) {
  if (value instanceof Uint8Array) {
    writeBytes(value);
    return;
  }
  const writer = WRITERS.get(value.constructor);
  if (writer !== undefined) {
    writer(value, depth);
  } else if (Array.isArray(value) || isForeignPlain(value)) {
    // A subclass, or made in another realm (`vm`, a worker): plain all the same.
    if (Array.isArray(value)) writeArray(value, depth);
    else writeMap(value, depth);
  } else {
    throw refused(value.constructor?.name || 'object');
  }
}

function isForeignPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return Object.getPrototypeOf(prototype) === null && prototype.constructor?.name === 'Object';
}

function writeBytes(value) {
  const size = value.length;
  room(5 + size);
  const width = size < 256 ? 1 : size < 65536 ? 2 : 4;
  writeSize(width === 1 ? 0xc4 : width === 2 ? 0xc5 : 0xc6, width, size);
  at += 1 + width;
  out.set(value, at);
  at += size;
}

function writeAscii(text) {
  room(text.length);
  at += out.latin1Write(text, at);
}

// An extension: `body` writes its data, whose size decides on the head.
function writeExtension(code, body) {
  room(6);
  const start = at;
  at += 2;
  body();
  const size = at - start - 2;
  const fixed = FIXED.get(size);
  if (fixed !== undefined) {
    out[start] = fixed;
    out[start + 1] = code;
    return;
  }
  const width = size < 256 ? 1 : size < 65536 ? 2 : 4;
  room(width);
  out.copyWithin(start + 2 + width, start + 2, at);
  const stop = at + width;
  at = start;
  writeSize(width === 1 ? 0xc7 : width === 2 ? 0xc8 : 0xc9, width, size);
  out[start + 1 + width] = code;
  at = stop;
}

const FIXED = new Map([[1, 0xd4], [2, 0xd5], [4, 0xd6], [8, 0xd7], [16, 0xd8]]);

function textWriter(code) {
  return (value) => writeExtension(code, () => writeAscii(value.text));
}

function listWriter(code, parts) {
  return (value, depth) => writeExtension(code, () => writeArray(parts(value), depth + EXTENSION_DEPTH - 1));
}

// Python keeps keys and members by their value, so a key must be one there: no array, no object.
function hashable(value) {
  if (typeof value !== 'object' || value === null) return value;
  const known = value instanceof Uint8Array || HASHABLE.has(value.constructor);
  if (!known) {
    throw new UnsupportedValue('a key of a Map or a member of a Set must be text, a number, a Buffer or a pyfi.Tuple of such');
  }
  if (value.constructor === Tuple) value.forEach(hashable);
  return value;
}

const HASHABLE = new Set([Decimal, DateTime, Day, Time, UUID, Duration, Complex, Tuple, FrozenSet, Date]);

function members(set) {
  const listed = [...set];
  listed.forEach(hashable);
  return listed;
}

function writeDictionary(map, depth) {
  const keys = [...map.keys()];
  if (keys.every((key) => typeof key === 'string')) {
    const inner = deeper(depth);
    room(1);
    const start = at++;
    for (const [key, member] of map) {
      writeText(key);
      write(member, inner);
    }
    closeMap(start, map.size);
  } else {
    keys.forEach(hashable);
    writeExtension(11, () => writeArray([...map], depth + EXTENSION_DEPTH - 2));
  }
}

const WRITERS = new Map([
  [Decimal, textWriter(1)],
  [UUID, (value) => writeExtension(2, () => { room(16); at += out.hexWrite(value.text.replaceAll('-', ''), at); })],
  [DateTime, textWriter(3)],
  [Day, textWriter(4)],
  [Time, textWriter(5)],
  [Duration, listWriter(6, (value) => [value.days, value.seconds, value.microseconds])],
  [Tuple, listWriter(8, Array.from)],
  [Set, listWriter(9, members)],
  [FrozenSet, listWriter(10, members)],
  [Map, writeDictionary],
  [Complex, listWriter(12, (value) => [value.real, value.imag])],
  [Claim, listWriter(20, (value) => [value.id, value.size, value.type])],
  [Date, writeDate],
]);

function writeDate(value) {
  if (Number.isNaN(value.getTime())) throw new UnsupportedValue('an invalid Date cannot be carried; return null or text');
  const year = value.getUTCFullYear();
  if (year < 1 || year > 9999) throw new UnsupportedValue('a Date outside the years 1 to 9999 cannot be carried; return text');
  WRITERS.get(DateTime)(DateTime.from(value));
}

module.exports = { pack, join, Stream, UnsupportedValue };
