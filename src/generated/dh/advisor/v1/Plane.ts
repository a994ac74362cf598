// Original file: proto/dh/advisor/v1/plan.proto

export const Plane = {
  PLANE_UNSPECIFIED: 0,
  PLANE_AXIAL: 1,
  PLANE_CORONAL: 2,
  PLANE_SAGITTAL: 3,
} as const;

export type PlaneInit =
  | 'PLANE_UNSPECIFIED'
  | 0
  | 'PLANE_AXIAL'
  | 1
  | 'PLANE_CORONAL'
  | 2
  | 'PLANE_SAGITTAL'
  | 3

export type Plane = typeof Plane[keyof typeof Plane]
