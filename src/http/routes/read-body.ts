import { HostError } from '../../domain/errors/host-error.js';

const MAX_CHANGE_BYTES = 16_384;

/**
 * A request's body, sent with its length or in chunks. Read here, because Hono's limit makes a new request for a body in
 * chunks, which the server's own request class does not allow. @throws HostError `invalid-field` when it is too long
 */
export async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > limit) {
      const problem = `is too long: more than ${limit} bytes`;
      throw new HostError('invalid-field', { field: 'body', problem });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The text of a change that an operator asks for. @throws HostError `invalid-field` when it is too long */
export async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string> {
  return new TextDecoder().decode(await readBytes(body, MAX_CHANGE_BYTES));
}
