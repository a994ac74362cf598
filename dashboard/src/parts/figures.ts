/** A figure with three significant digits, or a dash. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value >= 1000) return `${figure(value / 1000)}\u00a0s`;
  return value > 0 && value < 1 ? `${figure(value * 1000)}\u00a0µs` : `${figure(value)}\u00a0ms`;
}

/** A span as a clock shows it: `0:07`, `12:40`, `1:05:00`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const end = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${end}` : `${minutes}:${end}`;
}

/** A span that nobody reads to the second. */
export function about(ms: number): string {
  if (ms < 1000) return '< 1 s';
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${figure(ms / 3_600_000)} h`;
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${figure((100 * part) / whole)}\u00a0%`;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const ofDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function moment(ms: number): string {
  return clock.format(new Date(ms));
}

/** The same without the day. */
export function timeOfDay(ms: number): string {
  return ofDay.format(new Date(ms));
}

/** A setting's value as configuration shows it. */
export function setting(value: unknown): string {
  return value === undefined || value === null ? '(absent)' : JSON.stringify(value);
}

/** Enough of a session id to tell plans apart. */
export function shortId(sessionId: string): string {
  return sessionId.slice(0, 8);
}
