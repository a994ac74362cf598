// A program that is started again whenever what it is made of was built anew.

/**
 * `start` begins the program and returns `{ stop, ended }`: `stop` asks it to end, `ended` resolves when it has. One restart at a time; builds
 * that end meanwhile are one more restart, of the newest.
 */
export class Restarting {
  #start;
  #say;
  #running;
  #work = Promise.resolve();
  #isWanted = false;
  #isOver = false;

  constructor({ start, say }) {
    this.#start = start;
    this.#say = say;
  }

  /** What it is made of is there, or there anew. Resolves when the program has been started, by this call or by one that waits already. */
  built() {
    if (this.#isOver) return Promise.resolve();
    if (!this.#isWanted) {
      this.#isWanted = true;
      this.#work = this.#work.then(() => this.#restart());
    }
    return this.#work;
  }

  /** Ends the program for good. */
  async end() {
    this.#isOver = true;
    await this.#work;
    await this.#stop();
  }

  async #restart() {
    this.#isWanted = false;
    if (this.#isOver) return;
    await this.#stop();
    const running = this.#start();
    this.#running = running;
    running.ended.then(() => {
      if (this.#running !== running || this.#isOver) return;
      this.#running = undefined;
      this.#say('the host has ended by itself; it starts again with the next build');
    });
  }

  async #stop() {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    running.stop();
    await running.ended;
  }
}
