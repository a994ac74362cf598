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

type Fields = Readonly<Record<string, unknown>>;

class PinoLog implements Log {
  readonly #logger: Logger;
  /** The configuration in force, for lines that name none; undefined when the log's own fields do. */
  readonly #generation: (() => number | undefined) | undefined;

  constructor(logger: Logger, generation: (() => number | undefined) | undefined) {
    this.#logger = logger;
    this.#generation = generation;
  }

  debug(message: string, fields: Fields = {}): void {
    this.#logger.debug(this.#complete(fields), message);
  }

  info(message: string, fields: Fields = {}): void {
    this.#logger.info(this.#complete(fields), message);
  }

  warn(message: string, fields: Fields = {}): void {
    this.#logger.warn(this.#complete(fields), message);
  }

  error(message: string, fields: Fields = {}): void {
    this.#logger.error(this.#complete(fields), message);
  }

  child(fields: Fields): Log {
    const isNamed = 'generation' in fields;
    return new PinoLog(this.#logger.child(fields), isNamed ? undefined : this.#generation);
  }

  #complete(fields: Fields): Fields {
    if (this.#generation === undefined || 'generation' in fields) return fields;
    return { ...fields, generation: this.#generation() };
  }
}

/**
 * For the few lines that must be out before the process ends, in order: elsewhere a line is written behind, so that a reader who
 * does not read holds no plan, and may be overtaken at the end.
 */
export function synchronousOutput(): DestinationStream {
  return pino.destination({ fd: process.stdout.fd, sync: true });
}

/**
 * JSON lines on standard output, or wherever told. Every line names a generation: a session's its own, any other the one that
 * `generation` says is in force.
 */
export function createPinoLog(
  level: HostConfig['logging']['level'],
  destination?: DestinationStream,
  generation?: () => number | undefined,
): Log {
  const options = {
    level,
    base: { name: 'dh-advisor' },
    redact: [...REDACTED, ...REDACTED.map((field) => `*.${field}`)],
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return new PinoLog(logger, generation);
}
