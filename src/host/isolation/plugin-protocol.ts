import { join } from 'node:path';
import protobuf from 'protobufjs';
import { FrameReader, frameHeader, NoFrame } from './frames.js';
import type { HostMessage, PluginMessage } from './messages.js';

/** Of one message; a volume is the longest that the host sends, inputs of a model the longest that a plugin does. */
const LIMIT_BYTES = 1024 ** 3;

/** Zeros of scalars and empty lists are there even where the other side left them out; what is optional is not. */
const AS_WRITTEN = { longs: Number, defaults: true } as const;

/** A duplex stream that carries frames. */
export interface Pipe {
  write(bytes: Uint8Array): unknown;
  cork(): void;
  uncork(): void;
}

/** Both directions of the protocol, as the file of its messages has them. */
export interface PluginProtocol {
  readonly toPlugin: Direction<HostMessage>;
  readonly toHost: Direction<PluginMessage>;
}

/** @param protoDirectory The folder that holds `dh/plugin/v1`. */
export function loadPluginProtocol(protoDirectory: string): PluginProtocol {
  const root = protobuf.loadSync(join(protoDirectory, 'dh/plugin/v1/plugin.proto'));
  return {
    toPlugin: new Direction(root.lookupType('dh.plugin.v1.HostMessage')),
    toHost: new Direction(root.lookupType('dh.plugin.v1.PluginMessage')),
  };
}

/** Messages of one side. */
export class Direction<Message extends object> {
  readonly #type: protobuf.Type;

  constructor(type: protobuf.Type) {
    this.#type = type;
  }

  send(pipe: Pipe, message: Message): void {
    const bytes = this.#type.encode(message as Record<string, unknown>).finish();
    pipe.cork();
    pipe.write(frameHeader(bytes.length));
    pipe.write(bytes);
    pipe.uncork();
  }

  /** Calls back for each message. @throws NoFrame what came is none: nothing that comes later can be believed. */
  reader(onMessage: (message: Message) => void): (chunk: Buffer) => void {
    const frames = new FrameReader(LIMIT_BYTES);
    return (chunk) => {
      for (const bytes of frames.push(chunk)) onMessage(this.#decode(bytes));
    };
  }

  #decode(bytes: Buffer): Message {
    try {
      return this.#type.toObject(this.#type.decode(bytes), AS_WRITTEN) as Message;
    } catch (thrown) {
      throw new NoFrame('a message that can not be decoded', { cause: thrown });
    }
  }
}
