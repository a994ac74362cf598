import type {
  DoseVolumePoint,
  IterationRecord,
  LevelEnd,
  LevelStart,
  PlanView,
  Receipt,
  Structure,
  StructureGeometry,
  WantedTensor,
} from '../../plugin-sdk/index.js';

// The messages of proto/dh/plugin/v1/plugin.proto, as protobufjs takes and gives them.

export interface WireTensor {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}
export type WireTensors = Readonly<Record<string, WireTensor>>;

export interface WireVolume extends WireTensor {
  readonly kind: string;
  readonly spacingMm: readonly number[];
}

export interface WireModelTensor extends WireTensor {
  readonly type: string;
}
export type WireModelTensors = Readonly<Record<string, WireModelTensor>>;

/** Strings stand where the SDK has one of few; nothing is undefined that must be there. */
type Loose<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : T extends object
      ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
      : T;

export type WirePlan = Loose<
  Omit<PlanView, 'structures'> & {
    structures: readonly (Omit<Structure, 'prescription'> & {
      prescription: readonly DoseVolumePoint[];
    })[];
  }
>;

interface WithTensors {
  readonly tensors: WireTensors;
}

/** One of them is there. */
export interface WireEvent {
  readonly geometry?: WithTensors & { readonly structures: readonly StructureGeometry[] };
  readonly levelStart?: WithTensors & Omit<LevelStart, 'kind' | 'tensors'>;
  readonly iteration?: WithTensors & IterationRecord;
  readonly levelEnd?: Omit<LevelEnd, 'kind' | 'stopReason'> & { readonly stopReason: string };
  readonly receipt?: Omit<Receipt, 'kind'>;
  readonly volume?: WireVolume;
}

/** Vectors are bytes; one of the roles is there. */
export interface WireAdvice {
  readonly outOfDistributionScore?: number | undefined;
  readonly [role: string]: unknown;
}

export interface LoadMessage {
  readonly folder: string;
  readonly manifestJson: string;
  readonly settingsJson: string;
  readonly role: string;
}

export interface OpenSessionMessage {
  readonly session: number;
  readonly sessionId: string;
  readonly seed: number;
  readonly plan: WirePlan;
  readonly historyIterations: number;
}

export interface TellMessage {
  readonly session: number;
  readonly event?: WireEvent | undefined;
  readonly isSilent: boolean;
  readonly isReplay: boolean;
  readonly call: number;
}

export interface WireSignature {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly string[];
}

export interface WireModel {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly role: string;
  readonly inputs: readonly WireSignature[];
  readonly outputs: readonly WireSignature[];
  readonly weightCeiling?: number | undefined;
}

export interface ModelAnswerMessage {
  readonly call: number;
  readonly policy?: string;
  readonly message?: string;
  readonly model?: WireModel | undefined;
  readonly outputs?: WireModelTensors;
  readonly isFailed?: boolean;
}

export interface HostMessage {
  readonly load?: LoadMessage;
  readonly openSession?: OpenSessionMessage;
  readonly tell?: TellMessage;
  readonly abort?: { readonly call: number };
  readonly closeSession?: { readonly session: number };
  readonly modelAnswer?: ModelAnswerMessage;
  readonly ping?: { readonly number: number };
  readonly close?: Readonly<Record<string, never>>;
}

export interface LoadedMessage {
  readonly wants: readonly (Pick<WantedTensor, 'everyN'> & { readonly kind: string })[];
  readonly asksEveryN: number;
}

export interface FailedMessage {
  readonly session: number;
  readonly call: number;
  readonly policy: string;
  readonly message: string;
  readonly trace: string;
}

export interface ModelCallMessage {
  readonly call: number;
  readonly open?: string;
  readonly run?: { readonly name: string; readonly inputs: WireModelTensors };
  readonly abort?: number;
}

export interface PluginMessage {
  readonly loaded?: LoadedMessage;
  readonly refused?: { readonly code: string; readonly params: Readonly<Record<string, string>> };
  readonly answer?: { readonly call: number; readonly advice?: WireAdvice | null };
  readonly failed?: FailedMessage;
  readonly modelCall?: ModelCallMessage;
  readonly log?: {
    readonly level: string;
    readonly message: string;
    readonly fieldsJson: string;
  };
  readonly pong?: { readonly number: number; readonly memoryBytes: number };
  readonly closed?: { readonly leftRunning: readonly string[] };
}
