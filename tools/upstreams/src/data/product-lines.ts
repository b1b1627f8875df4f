/** What the shop sells: one line per category, each noun sold in every series. */
export interface ProductLine {
  category: string;
  code: string;
  nouns: readonly string[];
  materials: readonly string[];
  /** Major units, from and to. */
  priceRange: readonly [number, number];
  use: string;
}

export const series: readonly string[] = [
  'Fjord', 'Alder', 'Basalt', 'Cirrus', 'Dune', 'Ember', 'Harbour', 'Juniper', 'Lumen',
]; // prettier-ignore

export const brands: readonly string[] = [
  'Nordal',
  'Kestrel & Co',
  'Oakline',
  'Brightwater',
  'Tessera',
  'Halden',
];

export const colours: readonly string[] = [
  'charcoal',
  'sand',
  'moss',
  'ivory',
  'rust',
  'navy',
  'slate',
  'ochre',
];

const line = (
  category: string,
  code: string,
  use: string,
  priceRange: readonly [number, number],
  nouns: readonly string[],
  materials: readonly string[],
): ProductLine => ({ category, code, use, priceRange, nouns, materials });

export const productLines: readonly ProductLine[] = [
  line('kitchen', 'KIT', 'daily cooking', [12, 180], ['Kettle', 'Skillet', 'Stockpot', 'Chef Knife', 'Scale', 'Mortar'], ['steel', 'cast iron', 'copper']),
  line('lighting', 'LGT', 'evening rooms', [25, 340], ['Desk Lamp', 'Floor Lamp', 'Pendant', 'Lantern', 'Wall Light', 'Night Light'], ['brass', 'paper', 'glass']),
  line('furniture', 'FUR', 'small homes', [60, 1_400], ['Side Table', 'Armchair', 'Bookshelf', 'Stool', 'Bench', 'Desk'], ['oak', 'ash', 'walnut']),
  line('textiles', 'TEX', 'cold seasons', [15, 220], ['Throw', 'Cushion', 'Bath Towel', 'Rug', 'Duvet Cover', 'Curtain'], ['linen', 'wool', 'cotton']),
  line('outdoor', 'OUT', 'long weekends', [18, 560], ['Rain Jacket', 'Tent', 'Sleeping Bag', 'Daypack', 'Trail Stove', 'Hammock'], ['ripstop', 'canvas', 'titanium']),
  line('garden', 'GRD', 'balconies and beds', [8, 240], ['Watering Can', 'Planter', 'Pruner', 'Hand Fork', 'Trellis', 'Seed Tray'], ['zinc', 'terracotta', 'beech']),
  line('office', 'OFF', 'quiet work', [6, 320], ['Notebook', 'Pen Set', 'Monitor Arm', 'Desk Mat', 'Letter Tray', 'Chair Mat'], ['felt', 'aluminium', 'leather']),
  line('audio', 'AUD', 'close listening', [30, 780], ['Headphones', 'Bookshelf Speaker', 'Turntable', 'Radio', 'Amplifier', 'Earbuds'], ['walnut', 'aluminium', 'polycarbonate']),
  line('travel', 'TRV', 'short trips', [10, 420], ['Cabin Case', 'Wash Bag', 'Travel Pillow', 'Passport Wallet', 'Tote', 'Bottle'], ['recycled nylon', 'leather', 'steel']),
  line('toys', 'TOY', 'rainy afternoons', [7, 160], ['Building Blocks', 'Puzzle', 'Train Set', 'Kite', 'Marble Run', 'Plush Bear'], ['maple', 'cork', 'cotton']),
]; // prettier-ignore
