import type { ExplanationQuestion } from '../../api/queries';
import { useTexts } from '../texts';

interface Props {
  question: ExplanationQuestion;
  layer: 'people' | 'areas';
  level: string;
}

/** The map as the server draws it, to keep or to put into a document. */
export function MapSaves({ question: { indicator, area, period, variant }, layer, level }: Props) {
  const { t, language } = useTexts();
  const query = new URLSearchParams({ period, layer, lang: language });
  if (variant !== '') query.set('variant', variant);
  if (layer === 'areas' && level !== '') query.set('level', level);
  const address = (form: string) => `/api/v1/maps/${encodeURIComponent(indicator)}/${area}/map.${form}?${query.toString()}`;
  return (
    <p className="map-saves">
      {t('areaMap.picture')}{' '}
      {['svg', 'png'].map((form) => (
        <a key={form} href={address(form)} download={`${indicator}-${area}.${form}`}>
          {form.toUpperCase()}
        </a>
      ))}
    </p>
  );
}
