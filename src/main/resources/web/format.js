/** Numbers and times in the reader's language and time zone. */

const whole = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

export const count = (n) => (Math.abs(n) < 100_000 ? whole.format(Math.round(n)) : compact.format(n));

export function bytes(n) {
  const power = n < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

/** A length of time in its two largest units: `3 h 12 min`. */
export function duration(seconds) {
  if (seconds < 1) {
    return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const s = Math.round(seconds);
  const parts = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([size]) => s >= size);
  return parts.slice(first, first + 2)
    .map(([size, unit], i) => [Math.floor((i === 0 ? s : s % parts[first][0]) / size), unit])
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

/** Unix microseconds as a time of day with milliseconds. */
export function timeOfDay(us) {
  const date = new Date(us / 1000);
  return `${clock.format(date)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Unix microseconds as day and time. */
export const dateTime = (us) => dayAndClock.format(new Date(us / 1000));

/** Unix microseconds as the value of a `datetime-local` field, and back. */
export function toPicker(us) {
  const date = new Date(us / 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

export function fromPicker(value) {
  const ms = new Date(value).getTime();
  return Number.isFinite(ms) ? ms * 1000 : null;
}
