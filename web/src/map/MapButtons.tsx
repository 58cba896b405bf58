import { useTranslation } from 'react-i18next';

interface Props {
  onZoomIn: () => void;
  onZoomOut: () => void;
  onShowAll: () => void;
}

export function MapButtons({ onZoomIn, onZoomOut, onShowAll }: Props) {
  const { t } = useTranslation();
  const buttons = [
    { label: t('map.zoomIn'), onClick: onZoomIn, drawing: 'M3 8h10M8 3v10' },
    { label: t('map.zoomOut'), onClick: onZoomOut, drawing: 'M3 8h10' },
    { label: t('map.showAll'), onClick: onShowAll, drawing: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4' },
  ];
  return (
    <div className="map-buttons">
      {buttons.map(({ label, onClick, drawing }) => (
        <button key={label} type="button" onClick={onClick} aria-label={label} title={label}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={drawing} fill="none" stroke="currentColor" strokeWidth="1.8" />
          </svg>
        </button>
      ))}
    </div>
  );
}
