import { HostError } from '../../domain/errors/host-error.js';

const MAX_BODY_BYTES = 16_384;

/**
 * The text of a request's body, sent with its length or in chunks. Read here, because Hono's limit makes a new request for a body in
 * chunks, which the server's own request class does not allow. @throws HostError `invalid-field` when it is too long
 */
export async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      throw new HostError('invalid-field', { field: 'body', problem: 'is too long' });
    }
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
