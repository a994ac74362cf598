import { type DestinationStream, type Logger, pino } from 'pino';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';

/** Fields that would be content: taken out even if a plugin logs them. */
const REDACTED = [
  'weights',
  'gradient',
  'direction',
  'varianceGy2',
  'dose',
  'planKey',
  'patientKey',
];

class PinoLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.debug(fields, message);
  }

  info(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info(fields, message);
  }

  warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.warn(fields, message);
  }

  error(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.error(fields, message);
  }

  child(fields: Readonly<Record<string, unknown>>): Log {
    return new PinoLog(this.#logger.child(fields));
  }
}

/** JSON lines on standard output, or wherever told. */
export function createPinoLog(
  level: HostConfig['logging']['level'],
  destination?: DestinationStream,
): Log {
  const options = {
    level,
    base: { name: 'dh-advisor' },
    redact: [...REDACTED, ...REDACTED.map((field) => `*.${field}`)],
  };
  return new PinoLog(destination === undefined ? pino(options) : pino(options, destination));
}
