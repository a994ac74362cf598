import pretty from 'pino-pretty';

const WARNING = 40;

/** Log lines for whoever sits before a terminal: short, and until the host serves only those that say something is wrong. */
export class TerminalOutput {
  readonly #lines = pretty({
    destination: process.stdout.fd,
    sync: true,
    singleLine: true,
    ignore: 'pid,hostname,name,generation',
    translateTime: 'SYS:HH:MM:ss',
    colorize: process.stdout.hasColors?.() ?? false,
  });
  #isServing = false;

  write(line: string): void {
    const level = Number(/"level":(\d+)/.exec(line)?.[1] ?? WARNING);
    if (this.#isServing || level >= WARNING) this.#lines.write(line);
  }

  /** From now on every line is shown. */
  serving(text: string): void {
    this.#isServing = true;
    process.stdout.write(`${text}\n`);
  }
}
