/** Of a message beside its vectors and volumes: a plan with everything that it may have is smaller, and so much is decoded in a moment. */
export const MAX_PLAIN_BYTES = 2 ** 20;
/** Bytes of tensors and volumes, by event: field of the event, field in it. All else is plain. */
const BULK: ReadonlyMap<number, number> = new Map([
  // volume_chunk.data
  [2, 6],
  // geometry.tensors
  [3, 2],
  // level_start.tensors
  [4, 8],
  // iteration.tensors
  [5, 10],
  // finish.final_weights
  [7, 10],
]);
/** finish.slices, of which there is one a plane. */
const SLICES = { event: 7, field: 12, mostBytes: 2 ** 20 } as const;
const MOST_TENSORS = 64;
/** Of a tensor beside its data: kind, type, and a shape of few numbers. */
const MAX_TENSOR_HEAD_BYTES = 256;

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** With its tag and length. */
  readonly bytes: number;
  readonly isDelimited: boolean;
}

class Reader {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.at];
      this.at += 1;
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  }
}

/** Fields one after the other, none of them decoded; ends where the bytes are no message. */
function* fieldsOf(bytes: Buffer, from: number, to: number): Generator<Field> {
  const reader = new Reader(bytes, from);
  while (reader.at < to) {
    const tagAt = reader.at;
    const tag = reader.varint();
    const wire = tag % 8;
    let length = 0;
    if (wire === VARINT) reader.varint();
    else if (wire === FIXED64) length = 8;
    else if (wire === FIXED32) length = 4;
    else if (wire === DELIMITED) length = reader.varint();
    else return;
    const start = reader.at;
    const end = start + length;
    // What is cut off is refused by the decoder, in its words.
    if (!(end <= to)) return;
    reader.at = end;
    const isDelimited = wire === DELIMITED;
    yield { number: Math.floor(tag / 8), start, end, bytes: end - tagAt, isDelimited };
  }
}

/** Bytes of a message of tensors beside the longest field within: its data. */
function headBytes(bytes: Buffer, { start, end }: Field): number {
  let longest = 0;
  for (const outer of fieldsOf(bytes, start, end)) {
    if (!outer.isDelimited) continue;
    longest = Math.max(longest, outer.end - outer.start);
    for (const inner of fieldsOf(bytes, outer.start, outer.end)) {
      // Tensor.data; in a slice, which is a tensor's own, the outer field is it already.
      if (inner.isDelimited && inner.number === 3) {
        return end - start - (inner.end - inner.start);
      }
    }
  }
  return end - start - longest;
}

function refuse(problem: string): never {
  throw new Error(problem);
}

/**
 * Refuses a message that would cost far more memory and time than its bytes: millions of empty structures, beams, receipts or numbers. Reads
 * tags and lengths alone, before anything is decoded. @throws Error what is wrong, in a few words.
 */
export function checkBounds(bytes: Buffer): void {
  if (bytes.length <= MAX_PLAIN_BYTES) return;
  let plain = 0;
  let tensors = 0;
  for (const event of fieldsOf(bytes, 0, bytes.length)) {
    const bulk = BULK.get(event.number);
    if (bulk === undefined || !event.isDelimited) {
      plain += event.bytes;
    } else {
      for (const field of fieldsOf(bytes, event.start, event.end)) {
        const isSlice = event.number === SLICES.event && field.number === SLICES.field;
        if (isSlice && field.bytes <= SLICES.mostBytes) plain += MAX_TENSOR_HEAD_BYTES;
        else if (field.number !== bulk || !field.isDelimited) plain += field.bytes;
        else {
          tensors += 1;
          // The data of a volume is bytes and nothing else.
          if (event.number !== 2)
            plain += Math.max(0, headBytes(bytes, field) - MAX_TENSOR_HEAD_BYTES);
        }
        if (plain > MAX_PLAIN_BYTES) break;
      }
    }
    if (plain > MAX_PLAIN_BYTES || tensors > MOST_TENSORS) break;
  }
  if (tensors > MOST_TENSORS) refuse(`it has more than ${MOST_TENSORS} vectors`);
  if (plain > MAX_PLAIN_BYTES) {
    refuse(
      `beside its vectors it has more than ${MAX_PLAIN_BYTES} bytes, which is more than any plan has to say`,
    );
  }
}
