import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a relay does to what passes, until told otherwise. */
export interface Weather {
  /** Bytes wait for so long, each way. */
  delayMs: number;
  /** Nothing passes, and nobody is told. */
  isHeld: boolean;
  /** The next piece that comes by from the host has one bit flipped. */
  flipsNext: boolean;
}

/** A network between optimizers and a host: one address that stays, whichever host is behind it. */
export class Relay {
  /** Of the host; may change while connections are open, which then stay where they are. */
  target: string;
  readonly weather: Weather = { delayMs: 0, isHeld: false, flipsNext: false };
  /** Bits flipped so far. */
  flipped = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(target: string, server: Server) {
    this.target = target;
    this.#server = server;
    server.on('connection', (client) => this.#carry(client));
  }

  static async start(target: string): Promise<Relay> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(target, server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends what is open, without a word to either side. */
  cut(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
    this.#open.clear();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #carry(client: Socket): void {
    const [host = '', port = ''] = this.target.split(':');
    const upstream = connect(Number(port), host);
    this.#pipe(client, upstream, false);
    this.#pipe(upstream, client, true);
  }

  #pipe(from: Socket, to: Socket, isFromHost: boolean): void {
    this.#open.add(from);
    let passing = Promise.resolve();
    from.on('data', (data) => {
      from.pause();
      passing = passing.then(async () => {
        await this.#wait();
        if (isFromHost && this.weather.flipsNext) this.#flip(data);
        if (!to.destroyed) to.write(data);
        from.resume();
      });
    });
    from.on('close', () => {
      this.#open.delete(from);
      to.destroy();
    });
    from.on('error', () => to.destroy());
  }

  async #wait(): Promise<void> {
    const { weather } = this;
    if (weather.delayMs > 0) await pause(weather.delayMs);
    while (weather.isHeld) await pause(5);
  }

  #flip(data: Buffer): void {
    this.weather.flipsNext = false;
    this.flipped += 1;
    const at = data.length >> 1;
    data.writeUInt8(data.readUInt8(at) ^ 0x10, at);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
