export interface Running {
  stop(): void;
  readonly ended: Promise<unknown>;
}
export class Restarting {
  constructor(options: { start: () => Running; say: (line: string) => void });
  built(): Promise<void>;
  end(): Promise<void>;
}
