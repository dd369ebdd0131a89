'use strict';
// The values that JavaScript lacks, as `require('pyfi')` gives them to user code. Each keeps exactly what it came with, so that a
// message that is only passed on arrives unchanged; each refuses, when made, what the other runtimes could not read.

class Text {
  constructor(text, pattern, example) {
    const kind = new.target.name;
    const given = String(text);
    if (!pattern.test(given)) throw new TypeError(`${kind} takes text like '${example}', not '${given}'`);
    this.text = given;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.text;
  }

  // Without the check: the text was written by a host.
  static trusted(text) {
    const made = Object.create(this.prototype);
    made.text = text;
    return made;
  }
}

const DECIMAL = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,15})?|inf(?:inity)?|s?nan\d*)$/i;
const OFFSET = String.raw`(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{6})?)?)?`;
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?`;
const DAY = String.raw`(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const DATETIME = new RegExp(`^${DAY}T${CLOCK}${OFFSET}$`);
const DATE = new RegExp(`^${DAY}$`);
const TIME = new RegExp(`^${CLOCK}${OFFSET}$`);
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkDay(text) {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  if (day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) {
    throw new TypeError(`there is no day ${text.slice(0, 10)}`);
  }
}

class Decimal extends Text {
  constructor(text) {
    super(text, DECIMAL, '12.50');
  }

  valueOf() {
    return Number(this.text);
  }
}

// A date and time as ISO 8601 text, to the microsecond, with an offset or without.
class DateTime extends Text {
  constructor(text) {
    super(text, DATETIME, '2024-02-29T12:30:00.000001+00:00');
    checkDay(this.text);
  }

  static from(date) {
    return new DateTime(date.toISOString().replace('Z', '000+00:00'));
  }

  // To the millisecond; text without an offset is read as local time.
  toDate() {
    return new Date(this.text);
  }

  valueOf() {
    return this.toDate().getTime();
  }
}

class Day extends Text {
  constructor(text) {
    super(text, DATE, '2024-02-29');
    checkDay(this.text);
  }

  toDate() {
    return new Date(this.text);
  }
}

class Time extends Text {
  constructor(text) {
    super(text, TIME, '12:30:00');
  }
}

class UUID extends Text {
  constructor(text) {
    super(String(text).toLowerCase(), UUID_TEXT, '6fa459ea-ee8a-3ca4-894e-db77e160355e');
  }
}

// A length of time, exact to the microsecond.
class Duration {
  constructor(days, seconds = 0, microseconds = 0) {
    if (!Number.isInteger(days) || Math.abs(days) > 999_999_998) {
      throw new TypeError('Duration takes whole days, at most 999,999,998');
    }
    for (const part of [seconds, microseconds]) {
      if (!Number.isInteger(part) || part < 0 || part > 86_400_000_000) {
        throw new TypeError('Duration takes whole seconds and microseconds');
      }
    }
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }

  // Without the check: the numbers were written by a host.
  static trusted(days, seconds, microseconds) {
    return Object.assign(Object.create(this.prototype), { days, seconds, microseconds });
  }

  // In milliseconds.
  valueOf() {
    return (this.days * 86_400 + this.seconds) * 1000 + this.microseconds / 1000;
  }
}

class Complex {
  constructor(real, imag) {
    if (typeof real !== 'number' || typeof imag !== 'number') throw new TypeError('Complex takes two numbers');
    this.real = real;
    this.imag = imag;
  }
}

// A list that is a tuple to Python. As a key of a Map or a member of a Set it stands for its contents.
class Tuple extends Array {
  static get [Symbol.species]() {
    return Array;
  }
}

// A set that is a frozenset to Python.
class FrozenSet extends Set {}

// Content that is kept in a file of the claims folder.
class Claim {
  constructor(id, size, type) {
    this.id = id;
    this.size = size;
    this.type = type;
  }
}

module.exports = { Decimal, DateTime, Day, Time, UUID, Duration, Complex, Tuple, FrozenSet, Claim };
