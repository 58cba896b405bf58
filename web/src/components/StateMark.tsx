interface Props {
  state: string;
  label: string;
}

// Shape, colour and word say the same, so that none of them is needed alone.
const drawings: Record<string, { path: string; filled: boolean }> = {
  achieved: { path: 'M2.5 8.5 6.5 12.5 13.5 4', filled: false },
  on_track: { path: 'M3 8h9M8.5 4 12.5 8 8.5 12', filled: false },
  at_risk: { path: 'M8 2 14.5 13.5H1.5ZM8 6.5v3.5', filled: false },
  worsening: { path: 'M8 3v9M4 8.5 8 12.5 12 8.5', filled: false },
  stale: { path: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M8 5v3.5L10.5 10', filled: false },
  off_track: { path: 'M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5', filled: false },
  not_yet_due: { path: 'M8 1.5 14.5 8 8 14.5 1.5 8Z', filled: true },
  no_data: { path: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11', filled: false },
  not_applicable: { path: 'M3 8h10', filled: false },
  reported: { path: 'M3 3h10v10H3Z', filled: false },
};

export function StateMark({ state, label }: Props) {
  const drawing = drawings[state] ?? { path: 'M3 3h10v10H3Z', filled: false };
  return (
    <span className={`state state-${state}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={drawing.path} fill={drawing.filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="2.2" />
      </svg>
      {label}
    </span>
  );
}
