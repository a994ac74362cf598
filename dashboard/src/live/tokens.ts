/**
 * Tokens that somebody has typed: kept until the page is closed or loaded again, and nowhere else, so that no other page and no other user of the
 * browser can borrow them. One for looking, where the host asks who looks, and one for changes.
 */
let viewing = '';
let changing = '';
let isProven = false;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Called when somebody signs in or out, or a token is forgotten. The result stops that. */
export function onTokens(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function signIn(token: string): void {
  viewing = token;
  tell();
}

/** Forgets both. */
export function signOut(): void {
  viewing = '';
  changing = '';
  tell();
}

export function isSignedIn(): boolean {
  return viewing !== '' || changing !== '';
}

export function setToken(token: string): void {
  changing = token;
  isProven = false;
}

/** The host has taken a change: whoever could not look may look now. */
export function proven(): void {
  if (isProven || changing === '') return;
  isProven = true;
  tell();
}

/** Whether there is one to change something with. */
export function hasToken(): boolean {
  return isSignedIn();
}

/** What a request for a look or for a change shows. */
export function shown(isChange: boolean): Record<string, string> {
  const token = isChange ? changing || viewing : viewing || changing;
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** The host knows the token no more, or never did: the page asks again. */
export function forget(isChange: boolean): void {
  if (!isSignedIn()) return;
  if (isChange && changing !== '') changing = '';
  else viewing = '';
  if (!isChange) changing = '';
  tell();
}
