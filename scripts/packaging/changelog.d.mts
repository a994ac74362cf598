export interface Section {
  readonly title: string;
  readonly body: string;
}
export function sectionsOf(text: string): readonly Section[];
export function notesFor(
  text: string,
  version: string,
): { readonly isReleased: boolean; readonly body: string };
export function release(text: string, version: string, date: string): string;
