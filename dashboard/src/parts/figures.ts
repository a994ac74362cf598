/** A figure with three significant digits, or a dash. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value >= 1000 ? `${figure(value / 1000)} s` : `${figure(value)} ms`;
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${figure((100 * part) / whole)} %`;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function moment(ms: number): string {
  return clock.format(new Date(ms));
}

/** A setting's value as configuration shows it. */
export function setting(value: unknown): string {
  return value === undefined || value === null ? '(absent)' : JSON.stringify(value);
}

/** Enough of a session id to tell plans apart. */
export function shortId(sessionId: string): string {
  return sessionId.slice(0, 8);
}
