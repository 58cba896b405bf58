interface Props {
  kind: string;
  label: string;
  title?: string;
}

/** A small label: how a figure is known, how a target is founded. */
export function Tag({ kind, label, title }: Props) {
  return (
    <span className={`tag tag-${kind}`} title={title}>
      {label}
    </span>
  );
}
