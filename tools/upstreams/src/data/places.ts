import { type Address } from '../model.ts';
import { type Random } from './random.ts';

interface Place {
  city: string;
  country: string;
  region: string | null;
  /** `#` stands for a digit. */
  postalCode: string;
  streets: readonly string[];
}

const places: readonly Place[] = [
  {
    city: 'Berlin',
    country: 'DE',
    region: null,
    postalCode: '10###',
    streets: ['Lindenallee', 'Kastanienweg'],
  },
  {
    city: 'Hamburg',
    country: 'DE',
    region: null,
    postalCode: '20###',
    streets: ['Hafenstraße', 'Elbchaussee'],
  },
  {
    city: 'Lyon',
    country: 'FR',
    region: null,
    postalCode: '6900#',
    streets: ['Rue des Tisserands', 'Quai Neuf'],
  },
  {
    city: 'Nantes',
    country: 'FR',
    region: null,
    postalCode: '44###',
    streets: ['Rue du Moulin', 'Cours Vert'],
  },
  {
    city: 'Torino',
    country: 'IT',
    region: 'TO',
    postalCode: '101##',
    streets: ['Via dei Mille', 'Corso Po'],
  },
  {
    city: 'Bologna',
    country: 'IT',
    region: 'BO',
    postalCode: '401##',
    streets: ['Via Larga', 'Via del Borgo'],
  },
  {
    city: 'Utrecht',
    country: 'NL',
    region: null,
    postalCode: '35## AB',
    streets: ['Oudegracht', 'Molenkade'],
  },
  {
    city: 'Göteborg',
    country: 'SE',
    region: null,
    postalCode: '411 ##',
    streets: ['Kungsgatan', 'Linnégatan'],
  },
  {
    city: 'Valencia',
    country: 'ES',
    region: 'V',
    postalCode: '460##',
    streets: ['Calle del Mar', 'Calle Nueva'],
  },
  { city: 'Graz', country: 'AT', region: null, postalCode: '80##', streets: ['Murgasse', 'Schlossweg'] },
  { city: 'Cork', country: 'IE', region: 'CO', postalCode: 'T12 ##', streets: ['Harbour Row', 'Mill Lane'] },
  { city: 'Gdańsk', country: 'PL', region: null, postalCode: '80-###', streets: ['Długa', 'Ogrodowa'] },
];

export const addressOf = (random: Random, name: string): Address => {
  const place = random.pick(places);
  return {
    name,
    line1: `${random.pick(place.streets)} ${random.integer(1, 180)}`,
    line2: random.chance(0.25) ? `Apt. ${random.integer(1, 40)}` : null,
    city: place.city,
    postalCode: place.postalCode.replaceAll('#', () => random.digits(1)),
    region: place.region,
    country: place.country,
  };
};

export const cityOf = (random: Random): string => random.pick(places).city;
