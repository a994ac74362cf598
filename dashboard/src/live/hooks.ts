import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, HostFault, read } from './host-calls.js';
import { type LiveState, LiveStore } from './live-store.js';
import { readFeed } from './read-feed.js';
import { onTokens } from './tokens.js';

const store = new LiveStore(readFeed);
let isConnected = false;

/** The live state; the component renders anew with every update. */
export function useLive(): LiveState {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    if (!isConnected) {
      store.connect();
      onTokens(() => store.connect());
    }
    isConnected = true;
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, []);
  return state;
}

/** Milliseconds since 1970 by the host's clock: goes on by the second while the host is there, whether or not anything changes, and stops when it is gone. */
export function useHostMs({ connection, sentAtMs, receivedMs }: LiveState): number {
  const [, setTurn] = useState(0);
  const isLive = connection === 'live';
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(() => setTurn((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [isLive]);
  const last = useRef(sentAtMs);
  if (isLive) last.current = sentAtMs + Math.floor(performance.now() - receivedMs);
  return last.current;
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly fault: HostFault | undefined;
  /** Reads again now. */
  readonly again: () => void;
}

/** What a path says, read again whenever `version` changes and every `everyMs`; its last good value stays meanwhile. */
export function useHost<T>(path: string, version: unknown, everyMs = 0): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [fault, setFault] = useState<HostFault>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setValue(undefined);
    setFault(undefined);
  }, [path]);
  useEffect(() => {
    let isCurrent = true;
    read<T>(path).then(
      (answer) => {
        if (!isCurrent) return;
        setValue(answer);
        setFault(undefined);
      },
      (thrown: unknown) => {
        if (isCurrent && thrown instanceof HostFault) setFault(thrown);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [path, version, turn]);
  useEffect(() => {
    if (everyMs === 0) return;
    const timer = setInterval(() => setTurn((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { value, fault, again: () => setTurn((count) => count + 1) };
}

/** The address of something that is shown with the token of whoever is signed in, such as a picture; undefined until it is there. */
export function useBlob(path: string): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    let isCurrent = true;
    ask(path)
      .then((answer) => answer.blob())
      .then(
        (blob) => {
          if (!isCurrent) return;
          made = URL.createObjectURL(blob);
          setUrl(made);
        },
        () => setUrl(undefined),
      );
    return () => {
      isCurrent = false;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [path]);
  return url;
}

/** The part of the address after `#`, such as `/plans`. */
export function useRoute(): string {
  const current = () => location.hash.slice(1) || '/plans';
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const follow = () => setRoute(current());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
