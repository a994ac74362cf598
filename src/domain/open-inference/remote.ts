import type { ModelTensors } from '../../plugin-sdk/index.js';

/** A server that speaks the Open Inference Protocol, and the model there that answers in place of one of ours. */
export interface RemoteTarget {
  /** `HOST:PORT`, gRPC. */
  readonly address: string;
  /** What the model is called there; undefined: as here. */
  readonly model: string | undefined;
  /** Its version there; undefined: as here. Empty: whatever the server takes for the current one. */
  readonly version: string | undefined;
  /** Of one question, whatever the role allows. */
  readonly deadlineMs: number;
  /** Files, absolute; undefined: plain text. */
  readonly tls: RemoteTls | undefined;
}

export interface RemoteTls {
  /** Of who signed the server's certificate; undefined: the authorities of the machine. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** A tensor as a server declares it, in the protocol's words. */
export interface RemotePort {
  readonly name: string;
  readonly datatype: string;
  /** -1 for a free extent. */
  readonly shape: readonly number[];
}

/** One model of one server. Methods reject with an Error whose message says what the server said, or that it was not reached. */
export interface RemoteModelClient {
  metadata(withinMs: number): Promise<{
    readonly inputs: readonly RemotePort[];
    readonly outputs: readonly RemotePort[];
  }>;
  infer(
    inputs: ModelTensors,
    withinMs: number,
    signal: AbortSignal | undefined,
  ): Promise<ModelTensors>;
  close(): void;
}

/** `model` and `version`: as they are called here. @throws Error when a file of the target cannot be read. */
export type ConnectRemote = (
  target: RemoteTarget,
  model: string,
  version: string,
) => RemoteModelClient;
