import { Any, BadRequest, ErrorInfo, RetryInfo } from 'nice-grpc-error-details';
import { Status } from 'nice-grpc-error-details/lib/proto/google/rpc/status.js';
import { cutText } from '../domain/cut-text.js';
import type { HostError } from '../domain/errors/host-error.js';

/** Where stock clients look for `google.rpc.Status`. */
export const STATUS_DETAILS_TRAILER = 'grpc-status-details-bin';

const DOMAIN = 'dh-advisor';
/** Trailers are bounded, and the whole text travels as the status' own. */
const LONGEST_TEXT = 500;
const MOST_PARAMS = 16;
/** Seconds until another try may go better, by the error's own hint. */
const RETRY_SECONDS = { later: 1, 'new-session': 0 } as const;

function pack<Message>(
  type: { readonly $type: string; encode(message: Message): { finish(): Uint8Array } },
  message: Message,
): Any {
  const value = Buffer.from(type.encode(message).finish());
  return Any.fromPartial({ typeUrl: `type.googleapis.com/${type.$type}`, value });
}

/**
 * An error as `google.rpc.Status`: ErrorInfo with the code and its parameters, RetryInfo where trying again can help, and
 * BadRequest where a field is wrong, so that clients need not know this host's own trailer.
 */
export function statusDetails(error: HostError, code: number): Buffer {
  const params = Object.entries(error.params).slice(0, MOST_PARAMS);
  const metadata = Object.fromEntries(
    params.map(([name, value]) => [name, cutText(String(value), LONGEST_TEXT)]),
  );
  const info = ErrorInfo.fromPartial({ reason: error.code, domain: DOMAIN, metadata });
  const details = [pack(ErrorInfo, info)];
  const { retry } = error.entry;
  if (retry !== 'no') {
    const retryDelay = { seconds: RETRY_SECONDS[retry], nanos: 0 };
    details.push(pack(RetryInfo, RetryInfo.fromPartial({ retryDelay })));
  }
  const { field, problem } = error.params;
  if (typeof field === 'string' && field !== '') {
    const violation = { field, description: cutText(String(problem ?? ''), LONGEST_TEXT) };
    details.push(pack(BadRequest, BadRequest.fromPartial({ fieldViolations: [violation] })));
  }
  const message = cutText(error.message, LONGEST_TEXT);
  return Buffer.from(Status.encode(Status.fromPartial({ code, message, details })).finish());
}
