import { useEffect, useState } from 'preact/hooks';
import { HostFault, read } from './host-calls.js';
import { type LiveState, LiveStore } from './live-store.js';

const store = new LiveStore('/api/events');
let isConnected = false;

/** The live state; the component renders anew with every update. */
export function useLive(): LiveState {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    if (!isConnected) store.connect();
    isConnected = true;
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, []);
  return state;
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
