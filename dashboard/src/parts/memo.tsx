import { Component, type ComponentChildren, type FunctionComponent } from 'preact';

/** A component that renders anew only when its properties count as different. */
export function memo<P extends object>(
  Inner: FunctionComponent<P>,
  isSame: (before: P, after: P) => boolean,
) {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isSame(this.props as P, next);
    }

    render(): ComponentChildren {
      return <Inner {...(this.props as P)} />;
    }
  };
}
