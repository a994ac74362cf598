// Original file: proto/dh/advisor/v1/advice.proto

export const NoticeKind = {
  NOTICE_KIND_UNSPECIFIED: 0,
  NOTICE_KIND_DRAINING: 1,
  NOTICE_KIND_ROLE_OFF: 2,
  NOTICE_KIND_IGNORED: 3,
} as const;

export type NoticeKindInit =
  | 'NOTICE_KIND_UNSPECIFIED'
  | 0
  | 'NOTICE_KIND_DRAINING'
  | 1
  | 'NOTICE_KIND_ROLE_OFF'
  | 2
  | 'NOTICE_KIND_IGNORED'
  | 3

export type NoticeKind = typeof NoticeKind[keyof typeof NoticeKind]
