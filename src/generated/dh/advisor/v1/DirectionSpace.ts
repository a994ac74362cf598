// Original file: proto/dh/advisor/v1/advice.proto

export const DirectionSpace = {
  DIRECTION_SPACE_UNSPECIFIED: 0,
  DIRECTION_SPACE_WEIGHTS: 1,
  DIRECTION_SPACE_PARAMETERS: 2,
} as const;

export type DirectionSpaceInit =
  | 'DIRECTION_SPACE_UNSPECIFIED'
  | 0
  | 'DIRECTION_SPACE_WEIGHTS'
  | 1
  | 'DIRECTION_SPACE_PARAMETERS'
  | 2

export type DirectionSpace = typeof DirectionSpace[keyof typeof DirectionSpace]
