import { Component, type ReactNode } from 'react';

interface Props {
  /** What is said instead of a part that cannot be drawn. */
  otherwise: ReactNode;
  children: ReactNode;
}

/** Keeps a fault of one part, such as a file that cannot be read, from emptying the whole page. */
export class Boundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.otherwise : this.props.children;
  }
}
