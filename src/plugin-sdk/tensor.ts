/** A vector to read. A `Float64Array` is one; plugins must not write into what the host hands them. */
export interface ReadonlyVector extends Iterable<number> {
  readonly length: number;
  readonly [index: number]: number;
  /** A copy that the plugin owns. */
  slice(start?: number, end?: number): Float64Array;
  subarray(start?: number, end?: number): ReadonlyVector;
}

/**
 * What an optimizer can send when asked. Vectors have length n, the number of beamlets of the level,
 * in the order beam, row, column (column fastest).
 */
export const TENSOR_KINDS = [
  /** dF/dw, per unit weight. */
  'gradient',
  /** Beamlet weights in [0, weightCeiling]. */
  'weights',
  /** The last step taken, as the change of the weights. */
  'direction',
  /** Adaptive variance, Gy^2. */
  'variance',
  /** Euclidean norm of each influence column, Gy per unit weight; 0 for an excluded beamlet. */
  'column-norm',
  /** (n, structures) mean dose per unit weight, Gy. */
  'structure-mean-dose',
  /** (n, structures) maximum dose per unit weight, Gy. */
  'structure-max-dose',
  /** (n, 100) relative electron density along each beamlet's axis. */
  'path-density',
  /** CT numbers, HU, int16, (z, y, x). A volume. */
  'ct',
  /** Structure bits, uint16, (z, y, x). A volume. */
  'structure-mask',
] as const;

export type TensorKind = (typeof TENSOR_KINDS)[number];

/** The tensor kinds that travel as volumes. */
export type VolumeKind = 'ct' | 'structure-mask';

/** A tensor a plugin needs. The optimizer is asked for what the session's plugins want and sends nothing else. */
export interface WantedTensor {
  readonly kind: TensorKind;
  /** With every n-th iteration; 1 = each. 0 = only with the geometry and at level starts. */
  readonly everyN: number;
}

/** A dense array in double precision, row-major, slowest extent first. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: ReadonlyVector;
}

/** The tensors that came with one event. Any may be missing: the client sends what it can. */
export type Tensors = Readonly<Partial<Record<TensorKind, Tensor>>>;

/** A volume on the dose grid. */
export interface Volume {
  /** (z, y, x). */
  readonly shape: readonly [number, number, number];
  /** Voxel spacing x, y, z in mm. */
  readonly spacingMm: readonly [number, number, number];
  readonly data: Int16Array | Uint16Array;
}
