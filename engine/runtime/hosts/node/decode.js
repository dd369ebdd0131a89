'use strict';
// MessagePack to JavaScript values, with the extension types of values.py.
//
// Messages of a batch mostly have the same keys in the same order. A tree of key sequences therefore predicts each next key and
// compares its bytes; at the end of a sequence hangs a function that makes the whole object at once.

const { Decimal, DateTime, Day, Time, UUID, Duration, Complex, Tuple, FrozenSet, Claim } = require('./types');

const MOST_SHAPES = 10_000;
const MOST_BRANCHES = 64;
const MOST_KEYS = 64;
const COMPILE_AFTER = 16;
const COPIED = 12; // V8 copies substrings up to this length; a longer one would keep the whole batch in memory

let bytes = Buffer.alloc(0);
let view = new DataView(new ArrayBuffer(0));
let text = '';
let textStart = 0;
let at = 0;
let end = 0;
let claims = 0;

class Shape {
  constructor(key, encoded) {
    this.key = key;
    this.encoded = encoded;
    this.branches = [];
    this.last = null;
    this.uses = 0;
    this.make = null;
    this.keys = null;
  }
}

const root = new Shape('', Buffer.alloc(0));
let shapes = 0;
const stack = [];
let top = 0;

// The value behind `data[from:to]`.
function unpack(data, from = 0, to = data.length) {
  const saved = [bytes, view, text, textStart, at, end];
  bytes = data;
  view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  text = data.latin1Slice(from, to);
  textStart = from;
  at = from;
  end = to;
  const base = top;
  try {
    return read();
  } finally {
    top = base;
    stack.length = base;
    [bytes, view, text, textStart, at, end] = saved;
  }
}

// How many claims have been read so far, to see whether a batch had any.
function claimsRead() {
  return claims;
}

function need(size) {
  if (at + size > end) throw new RangeError('unexpected end of MessagePack');
}

function read() {
  if (at >= end) need(1);
  const code = bytes[at++];
  if (code < 0x80) return code;
  if (code < 0x90) return readMap(code & 15);
  if (code < 0xa0) return readArray(code & 15);
  if (code < 0xc0) return readText(code & 31);
  if (code >= 0xe0) return code - 256;
  return readCoded(code);
}

function readCoded(code) {
  switch (code) {
    case 0xc0: return null;
    case 0xc2: return false;
    case 0xc3: return true;
    case 0xc4: return readBytes(readUnsigned(1));
    case 0xc5: return readBytes(readUnsigned(2));
    case 0xc6: return readBytes(readUnsigned(4));
    case 0xc7: return readExtension(readUnsigned(1));
    case 0xc8: return readExtension(readUnsigned(2));
    case 0xc9: return readExtension(readUnsigned(4));
    case 0xca: need(4); at += 4; return view.getFloat32(at - 4);
    case 0xcb: need(8); at += 8; return view.getFloat64(at - 8);
    case 0xcc: return readUnsigned(1);
    case 0xcd: return readUnsigned(2);
    case 0xce: return readUnsigned(4);
    case 0xcf: need(8); at += 8; return readLong(view.getUint32(at - 8), () => view.getBigUint64(at - 8));
    case 0xd0: need(1); at += 1; return view.getInt8(at - 1);
    case 0xd1: need(2); at += 2; return view.getInt16(at - 2);
    case 0xd2: need(4); at += 4; return view.getInt32(at - 4);
    case 0xd3: need(8); at += 8; return readLong(view.getInt32(at - 8), () => view.getBigInt64(at - 8));
    case 0xd4: return readExtension(1);
    case 0xd5: return readExtension(2);
    case 0xd6: return readExtension(4);
    case 0xd7: return readExtension(8);
    case 0xd8: return readExtension(16);
    case 0xd9: return readText(readUnsigned(1));
    case 0xda: return readText(readUnsigned(2));
    case 0xdb: return readText(readUnsigned(4));
    case 0xdc: return readArray(readUnsigned(2));
    case 0xdd: return readArray(readUnsigned(4));
    case 0xde: return readMap(readUnsigned(2));
    case 0xdf: return readMap(readUnsigned(4));
    default: throw new RangeError(`no MessagePack: code ${code}`);
  }
}

function readUnsigned(size) {
  need(size);
  at += size;
  if (size === 1) return bytes[at - 1];
  return size === 2 ? view.getUint16(at - 2) : view.getUint32(at - 4);
}

// A 64-bit integer: a number where a number is exact, else a BigInt.
function readLong(high, whole) {
  const value = high * 4294967296 + view.getUint32(at - 4);
  return value >= -9007199254740991 && value <= 9007199254740991 ? value : whole();
}

function readBytes(size) {
  need(size);
  at += size;
  return Buffer.from(bytes.subarray(at - size, at));
}

function readText(size) {
  const start = at;
  need(size);
  at += size;
  if (size > COPIED) return bytes.utf8Slice(start, at);
  for (let index = start; index < at; index++) {
    if (bytes[index] > 127) return bytes.utf8Slice(start, at);
  }
  return text.substring(start - textStart, at - textStart);
}

function readArray(size) {
  if (size > end - at) need(size);
  const made = new Array(size);
  for (let index = 0; index < size; index++) made[index] = read();
  return made;
}

function readMap(size) {
  if (size > MOST_KEYS) return readPlainMap({}, size);
  const base = top;
  let shape = root;
  for (let index = 0; index < size; index++) {
    const last = shape.last;
    const next = last !== null && isNext(last.encoded) ? last : follow(shape);
    if (next === null) return readRest(shape, base, size - index);
    shape = next;
    at += shape.encoded.length;
    const value = read();
    stack[top++] = value;
  }
  top = base;
  return shape.make !== null ? shape.make(stack, base) : build(shape, base);
}

function isNext(encoded) {
  const size = encoded.length;
  for (let index = 0; index < size; index++) {
    if (bytes[at + index] !== encoded[index]) return false;
  }
  return true;
}

// The branch of a shape for the key that comes next; null where no more shapes are kept.
function follow(shape) {
  for (const branch of shape.branches) {
    if (isNext(branch.encoded)) {
      shape.last = branch;
      return branch;
    }
  }
  if (shapes >= MOST_SHAPES || shape.branches.length >= MOST_BRANCHES) return null;
  const start = at;
  const key = readKey();
  const branch = new Shape(key, Buffer.from(bytes.subarray(start, at)));
  at = start;
  branch.keys = shape.keys === null ? [key] : [...shape.keys, key];
  shape.branches.push(branch);
  shape.last = branch;
  shapes++;
  return branch;
}

function readKey() {
  const key = read();
  if (typeof key !== 'string') throw new RangeError('no MessagePack of ours: a key is not text');
  return key;
}

function build(shape, base) {
  const made = {};
  if (shape.keys === null) return made;
  shape.keys.forEach((key, index) => put(made, key, stack[base + index]));
  if (++shape.uses > COMPILE_AFTER) {
    // In brackets `__proto__` is a key like any other.
    const name = (key) => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key));
    const members = shape.keys.map((key, index) => `${name(key)}: s[b + ${index}]`);
    shape.make = new Function('s', 'b', `return {${members.join(', ')}}`);
  }
  return made;
}

function put(made, key, value) {
  if (key === '__proto__') Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true });
  else made[key] = value;
}

function readRest(shape, base, size) {
  const made = {};
  if (shape.keys !== null) shape.keys.forEach((key, index) => put(made, key, stack[base + index]));
  top = base;
  return readPlainMap(made, size);
}

function readPlainMap(made, size) {
  for (let index = 0; index < size; index++) {
    const key = readKey();
    put(made, key, read());
  }
  return made;
}

function readExtension(size) {
  need(size + 1);
  const code = bytes[at++];
  const start = at;
  const reader = READERS[code];
  if (reader === undefined) throw new RangeError(`extension ${code} is unknown`);
  const value = reader(start, start + size);
  at = start + size;
  return value;
}

function ascii(start, stop) {
  return bytes.latin1Slice(start, stop);
}

function bigInt(start, stop) {
  const digits = ascii(start, stop);
  return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
}

function uuid(start, stop) {
  const hex = bytes.hexSlice(start, stop);
  return UUID.trusted([hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'));
}

function tuple() {
  const members = read();
  const made = new Tuple(members.length);
  for (let index = 0; index < members.length; index++) made[index] = members[index];
  return made;
}

const READERS = [
  undefined,
  (start, stop) => Decimal.trusted(ascii(start, stop)),
  uuid,
  (start, stop) => DateTime.trusted(ascii(start, stop)),
  (start, stop) => Day.trusted(ascii(start, stop)),
  (start, stop) => Time.trusted(ascii(start, stop)),
  () => Duration.trusted(...read()),
  bigInt,
  tuple,
  () => new Set(read()),
  () => new FrozenSet(read()),
  () => new Map(read()),
  () => new Complex(...read()),
];
READERS[20] = () => {
  claims++;
  return new Claim(...read());
};

// The items of a packed list, each packed, without a look into them.
function split(data) {
  const saved = [bytes, view, at, end];
  bytes = data;
  view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  at = 0;
  end = data.length;
  try {
    const code = bytes[at++];
    const size = code < 0xa0 ? code & 15 : readUnsigned(code === 0xdc ? 2 : 4);
    return Array.from({ length: size }, () => {
      const start = at;
      skip(1);
      return data.subarray(start, at);
    });
  } finally {
    [bytes, view, at, end] = saved;
  }
}

// Pass over values.
function skip(count) {
  for (let left = count; left > 0; left--) {
    const code = bytes[at++];
    if (code < 0x80 || code >= 0xe0) continue;
    if (code < 0x90) left += 2 * (code & 15);
    else if (code < 0xa0) left += code & 15;
    else if (code < 0xc0) at += code & 31;
    else if (code >= 0xdc) left += (code >= 0xde ? 2 : 1) * readUnsigned(code & 1 ? 4 : 2);
    else if (code >= 0xd9) pass(readUnsigned(1 << (code - 0xd9)));
    else if (code >= 0xd4) at += 1 + (1 << (code - 0xd4));
    else if (code >= 0xca) at += SIZES[code - 0xca];
    else if (code >= 0xc7) pass(1 + readUnsigned(1 << (code - 0xc7)));
    else if (code >= 0xc4) pass(readUnsigned(1 << (code - 0xc4)));
  }
}

function pass(size) {
  at += size;
}

const SIZES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

// Forget whatever was being unpacked: the code that did so was cut off.
function reset() {
  top = 0;
  stack.length = 0;
}

module.exports = { unpack, split, claimsRead, reset };
