/** A frame is these four bytes, the length of its message as a 32-bit unsigned little-endian number, and the message. */
const MAGIC = Buffer.from('DHP1', 'latin1');
const HEADER_BYTES = 8;

/** What came is not of the protocol. */
export class NoFrame extends Error {
  override readonly name = 'NoFrame';
}

/** A message as it goes on the pipe: the header, then the message itself, which is not copied. */
export function frameHeader(length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(length, 4);
  return header;
}

/** Puts frames together again from what a pipe gives, in whatever pieces. */
export class FrameReader {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of the frame that is coming in, its header included; 0 while the header is not complete. */
  #wanted = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @throws NoFrame when it is none, or longer than the limit. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const messages: Buffer[] = [];
    while (this.#hasHeader() && this.#bytes >= this.#wanted) {
      const whole = this.#joined();
      messages.push(whole.subarray(HEADER_BYTES, this.#wanted));
      const rest = whole.subarray(this.#wanted);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#bytes = rest.length;
      this.#wanted = 0;
    }
    return messages;
  }

  #hasHeader(): boolean {
    if (this.#wanted > 0) return true;
    if (this.#bytes < HEADER_BYTES) return false;
    const header = this.#joined();
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) {
      throw new NoFrame('it wrote something into the pipe of its messages that is no message');
    }
    const length = header.readUInt32LE(MAGIC.length);
    if (length > this.#limitBytes) {
      throw new NoFrame(`a message of ${length} bytes, of ${this.#limitBytes} at most`);
    }
    this.#wanted = HEADER_BYTES + length;
    return true;
  }

  #joined(): Buffer {
    const [first, second] = this.#chunks;
    const whole = first !== undefined && second === undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}
