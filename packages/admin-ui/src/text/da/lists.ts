/** The lists of the admin pages in Danish: products, problems and the log. */
import type { AdminText } from '../admin-text.ts'
import type { Format } from '../format.ts'

export function lists(format: Format): Pick<AdminText, 'products' | 'problems' | 'log'> {
  return {
    products: {
      searchHint: 'Varenr. eller navn',
      state: 'Tilstand',
      sort: 'Sortér efter',
      sorts: {
        sku: 'Varenr.',
        name: 'Navn',
        level: 'Laveste lager',
        '-level': 'Højeste lager',
        '-updatedAt': 'Sidst ændret',
      },
      sku: 'Varenr.',
      name: 'Navn',
      level: 'Lagerantal',
      shownHere: 'Vises her',
      shopHas: 'Butikken melder',
      updated: 'Ændret',
      empty: 'Ingen varer endnu. De kommer, når butikken er importeret.',
      emptySearch: 'Ingen varer passer til søgningen. Prøv et andet ord eller en anden tilstand.',
      states: {
        'left-out': 'Holdt udenfor',
        duplicate: 'Dobbelt varenr.',
        held: 'Venter på dig',
        untracked: 'Uden lagerstyring',
        'not-here': 'Ikke i denne butik',
        'only-here': 'Kun i denne butik',
        oversold: 'Oversolgt',
        waiting: 'På vej',
        synced: 'Synkroniseret',
      },
      stateHelp: {
        'left-out': 'Varen er holdt uden for synkroniseringen i denne butik. Intet tælles med, og intet skrives.',
        duplicate: 'Flere varer i denne butik har dette varenr. Det springes over, til hver vare har sit eget.',
        held: 'En forskel venter på din afgørelse under Problemer. Salg tælles stadig med.',
        untracked: 'Butikken styrer ikke lager på varen, så der skrives intet til den.',
        'not-here': 'Andre butikker sælger den; denne butik har ikke varenummeret.',
        'only-here': 'Ingen anden butik har varenummeret. Varen forbindes af sig selv, når en får det.',
        oversold: 'Der er solgt flere, end der var. Butikkerne viser 0.',
        waiting: 'Tallet er ved at blive skrevet til butikken.',
        synced: 'Butikken viser netværkets tal.',
      },
      explained: 'Tallet forklaret',
      start: 'Startede på',
      startBy: (shop, at) => `${shop}, ${at}`,
      added: 'Lagt til',
      removed: 'Trukket fra',
      sum: 'Lagerantal nu',
      noBaseline: 'Netværket har endnu ikke noget tal for dette varenr.',
      ownRows: 'I denne butik',
      noOwnRows: 'Butikken har ingen vare med dette varenr.',
      otherShops: 'I alle butikker',
      noAnswer: 'svarer ikke lige nu',
      notListed: 'har den ikke',
      movements: 'Det er der sket',
      noMovements: 'Der er ikke sket noget siden starten.',
      showInLog: 'Vis i loggen',
      openInShop: 'Åbn i butikken',
      noLevelYet: () => 'intet tal',
    },
    problems: {
      intro: 'Her står det, som kun du kan afgøre. Resten kører videre imens.',
      none: 'Ingen problemer',
      noneHint: 'Når der er brug for dig, står det her sammen med den knap, der løser det.',
      titles: {
        duplicate: 'Med dobbelt model/varenr.',
        held: 'Venter på din afgørelse',
        rollback: 'Butikkens tal er sprunget tilbage',
        'counted-together': 'Talt samtidig',
        oversold: 'Oversolgt',
        fraction: 'Ikke et helt tal',
        'import-row': 'Række, der ikke kunne importeres',
        'shop-copied': 'Butikken er en kopi',
        'shop-unreachable': 'Butikken svarer ikke',
        unwritable: 'Butikken afviste det nye tal',
        unclear: 'Ingen ved, hvad der skete',
        'paused-diff': 'Ændret, mens butikken var på pause',
        'key-rejected': 'Butikken afviste nøglen',
        clock: 'Uret går forkert',
        fork: 'To udgaver af en butiks salg',
        clone: 'En butik ser ud til at køre to gange',
        'bad-peer': 'En butik sender noget, der ikke kan passe',
        damaged: 'Beskadiget på disken',
        doubt: 'I tvivl efter en sikkerhedskopi',
        'alert-failed': 'En besked kunne ikke sendes',
      },
      explain(kind, count) {
        switch (kind) {
          case 'duplicate':
            return `${format.count(count, 'vare har', 'varer har')} dette varenr. i butikken, så noden kan ikke vide, hvilken der menes. Giv hver vare sit eget varenr. i butikken; så forsvinder kortet af sig selv.`
          case 'held':
            return `${format.count(count, 'varenr. afviger', 'varenumre afviger')}, uden at en ordre forklarer det. Salg tælles stadig med imens.`
          case 'rollback':
            return `${format.count(count, 'varenr. ser', 'varenumre ser')} ud, som om en gammel sikkerhedskopi af butikken er lagt ind. Intet er sendt videre til de andre butikker.`
          case 'counted-together':
            return 'To butikker skrev et nyt tal, mens de ikke kunne se hinanden. Begge ændringer er talt med og lægges sammen. Tæl efter på hylden, og ret den ene.'
          case 'oversold':
            return `Der er solgt ${format.count(count, 'stk.', 'stk.')} mere, end der var, fordi butikker solgte de sidste samtidig. Butikkerne viser 0; kontakt køberne, eller fyld lageret op.`
          case 'fraction':
            return 'Butikken melder et lagerantal, der ikke er et helt tal. Ret det i butikken; så forsvinder kortet af sig selv.'
          case 'import-row':
            return `${format.count(count, 'række', 'rækker')} kunne ikke importeres. Ret fejlen i butikken, og prøv igen.`
          case 'shop-unreachable':
            return 'Noden kan ikke få kontakt til butikken. Butikken sælger videre, og alt tælles med, når den svarer igen.'
          case 'shop-copied':
            return 'Butikken er en kopi af en anden, med dens filer og database, så intet bliver læst eller skrevet. Hvis den skal være en selvstændig butik, eller butikken er flyttet, siger dens administrator det i butikken. Så går alt videre.'
          case 'unwritable':
            return 'Butikken tog ikke imod det nye tal. Se i butikken hvorfor, og prøv igen.'
          case 'unclear':
            return 'Lageret ændrede sig i butikken, netop som noden rettede tallet, og intet fortæller hvor meget. Tallet kan være et par stykker forkert. Tæl varen på hylden; så forsvinder kortet af sig selv.'
          case 'paused-diff':
            return `${format.count(count, 'varenr. er', 'varenumre er')} ændret i butikken, mens den var på pause. Salg tælles stadig med, mens du bestemmer dig.`
          case 'key-rejected':
            return 'Butikken accepterer ikke nodens nøgle længere. Giv noden en ny nøgle; det, der er solgt imens, tælles med bagefter.'
          case 'clock':
            return 'Uret på denne butiks maskine og på en af de andres går mere end fem minutter forskelligt. Tallene er rigtige, men tiderne i loggen passer ikke. Stil uret.'
          case 'fork':
            return 'Der er to udgaver af, hvad en butik har købt og solgt, for eksempel fordi dens mappe er lagt tilbage fra en gammel kopi. Af hvert varenr. gælder det største tal, ens i alle butikker; hvad kun den anden udgave kendte, kan mangle. Sørg for, at noden kun kører ét sted, og tæl varerne på listen.'
          case 'clone':
            return 'En butiks node kører to steder, for eksempel fordi dens mappe er kopieret, eller den er lagt ind fra en gammel kopi. Sørg for, at den kun kører ét sted: Stop den, der ikke skal bruges. Den, der blev startet først, rører ikke noget imens.'
          case 'bad-peer':
            return 'En anden butiks node har sendt ændringer, der ikke passer med, hvad den selv har meldt, eller flere, end der kan være. Intet af det er talt med, og alt andet kører videre. Opdatér dens node. Fortsætter det, så fjern butikken fra netværket.'
          case 'damaged':
            return 'Lagertal på nodens disk var beskadiget. De hentes igen fra de andre butikker af sig selv; så længe bliver de varer ikke rettet i butikken. Er de andre butikker online, og kortet bliver stående? Så læg noden ind fra en sikkerhedskopi.'
          case 'doubt':
            return 'Noden er lagt ind fra en sikkerhedskopi, og ingen anden butik kunne fortælle den, hvad den har lavet siden. Den kører videre; så snart en anden butik er online, bliver tallene rettet.'
          case 'alert-failed':
            return 'Webhooken eller mailserveren tog ikke imod en besked. Den sendes igen af sig selv. Se indstillingerne for beskeder efter, og send en prøve.'
        }
      },
      massChange: (count) =>
        `${format.count(count, 'varenummer', 'varenumre')} blev ændret på én gang, uden at en ordre forklarer det. De andre butikker har ikke fået det at vide, og salg tælles stadig med. Godkender du, viser alle butikker de nye tal; ellers får denne butik netværkets tal igen.`,
      memberMassChange: (shop, count) =>
        `${shop} ændrede ${format.count(count, 'varenummer', 'varenumre')} på én gang, uden at en ordre forklarer det. Denne butik beholder tallene fra før, og salg tælles stadig med. Fortryder du, får alle butikker tallene fra før igen; godkender du, følger denne butik med.`,
      goToZero: (count) => `${format.number(count)} af dem ville ende på 0.`,
      heldRow:
        'Butikken melder noget, der ikke kan synkroniseres. Ret det i butikken; så forsvinder kortet af sig selv.',
      bundleRow:
        'Det er en pakke eller et sæt, som sælger andre varers lager. De varer synkroniseres; pakken selv er udeladt, og der skal ikke gøres noget.',
      countIt: 'Tæl denne vare',
      differBy: (units) => `Tilsammen afviger de med ${format.number(units)} stk.`,
      orders: 'Ordrerne, der kolliderede',
      decisionsTitle: 'Venter på din afgørelse',
      duplicateTitle: 'Med dobbelt model/varenr.',
      duplicateHelp:
        'Listen skal være tom, før disse varer kan synkroniseres. Alle andre varer synkroniseres allerede.',
      colliding: 'Varer med dette varenr.',
      actions: {
        'use-network': 'Brug netværkets tal',
        'count-in': 'Tæl forskellen med',
        approve: 'Godkend ændringen',
        undo: 'Fortryd for alle butikker',
        'count-once': 'Tæl én gang',
        retry: 'Prøv igen',
        dismiss: 'Fjern fra listen',
      },
      confirmTitle: 'Er du sikker?',
      confirmIntro: 'Det ændrer lagerantallet og kan ikke bare fortrydes.',
      since: (at) => `Siden ${at}`,
      showItems: (count) => `Vis ${format.count(count, 'vare', 'varer')}`,
      hideItems: 'Skjul varer',
    },
    log: {
      time: 'Tid',
      shop: 'Butik',
      change: 'Ændring',
      after: 'Lager efter',
      cause: 'Årsag',
      reference: 'Ordre/reference',
      result: 'Resultat',
      empty: 'Ingen linjer passer til valget.',
      causes: {
        sale: 'Salg',
        cancel: 'Annulleret ordre',
        return: 'Retur',
        manual: 'Manuel ændring',
        'stock-count': 'Optælling',
        received: 'Varemodtagelse',
        created: 'Oprettet',
        import: 'Import',
        repair: 'Rettelse',
        undo: 'Fortrudt',
        'catch-up': 'Talt med bagefter',
        unknown: 'Ukendt',
      },
      events: {
        founded: 'Netværket startede',
        joined: 'Butik kom med',
        left: 'Butik afbrudt',
        removed: 'Butik fjernet',
        'left-out': 'Holdt uden for synkroniseringen',
        'stopped-all': 'Alt stoppet',
        'resumed-all': 'Alt fortsætter',
        'taken-in': 'Taget med igen',
        restored: 'Lagt ind fra en sikkerhedskopi',
        refused: 'Anmodning afvist',
        held: 'Tilbageholdt',
        'problem-solved': 'Problem løst',
      },
      results: {
        counted: 'Talt med',
        baseline: 'Starttal',
        'in-step': 'Med det, de andre butikker ved',
        alone: 'Uden de andre butikker',
        'later-count-stands': 'En senere optælling gælder',
        'left-out-not-counted': 'Ikke talt med: holdt udenfor',
        'withheld-here': 'Holdt tilbage i denne butik',
        'held-not-counted': 'Ikke talt med: venter på din beslutning',
        'duplicate-not-counted': 'Ikke talt med: dobbelt varenr.',
        held: 'Tilbageholdt',
        refused: 'Afvist',
        failed: 'Fejlet',
        'import-cancelled': 'Importen blev afbrudt',
        'import-undone': 'Importen blev fortrudt',
        'member-undone': 'En butiks ændringer blev fortrudt',
      },
      replaced: (from, to) => `${format.number(from)} erstattet af ${format.number(to)}`,
      imported: (products) => format.count(products, 'vare', 'varer'),
      typed: (stock) => `sat til ${format.number(stock)}`,
    },
  }
}
