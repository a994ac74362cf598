/** Of what others send, this much is repeated in an error or a log line. */
export const QUOTED_CHARACTERS = 200;

/** The beginning of a text, with its length where it goes on. */
export function cutText(text: string, limit = QUOTED_CHARACTERS): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}... (${text.length} characters)`;
}
