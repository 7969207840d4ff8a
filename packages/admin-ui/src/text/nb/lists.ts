/** The lists of the admin pages in Norwegian (bokmål): products, problems and the log. */
import type { AdminText } from '../admin-text.ts'
import type { Format } from '../format.ts'

export function lists(format: Format): Pick<AdminText, 'products' | 'problems' | 'log'> {
  return {
    products: {
      searchHint: 'Varenr. eller navn',
      state: 'Status',
      sort: 'Sorter etter',
      sorts: {
        sku: 'Varenr.',
        name: 'Navn',
        level: 'Lavest beholdning',
        '-level': 'Høyest beholdning',
        '-updatedAt': 'Sist endret',
      },
      sku: 'Varenr.',
      name: 'Navn',
      level: 'Lagerbeholdning',
      shownHere: 'Vises her',
      shopHas: 'Butikken viser',
      updated: 'Endret',
      empty: 'Ingen varer ennå. De kommer når butikken er importert.',
      emptySearch: 'Ingen varer passer. Prøv et annet søk eller en annen status.',
      states: {
        'left-out': 'Holdt utenfor',
        duplicate: 'Dobbelt varenr.',
        held: 'Venter på deg',
        untracked: 'Uten lagerstyring',
        'not-here': 'Ikke i denne butikken',
        'only-here': 'Bare i denne butikken',
        oversold: 'Oversolgt',
        waiting: 'På vei',
        synced: 'Synkronisert',
      },
      stateHelp: {
        'left-out':
          'Varen er holdt utenfor synkroniseringen i denne butikken. Ingenting telles med, og ingenting skrives.',
        duplicate: 'Flere varer i denne butikken har dette varenummeret. Det hoppes over til hver vare har sitt eget.',
        held: 'Et avvik venter på avgjørelsen din under Problemer. Salg telles fortsatt med.',
        untracked: 'Butikken styrer ikke lager på varen, så ingenting skrives til den.',
        'not-here': 'Andre butikker selger den, men denne butikken har ikke varenummeret.',
        'only-here': 'Ingen annen butikk har varenummeret. Varen kobles av seg selv når noen får det.',
        oversold: 'Det er solgt flere enn det fantes. Butikkene viser 0.',
        waiting: 'Tallet er i ferd med å bli skrevet til butikken.',
        synced: 'Butikken viser tallet fra nettverket.',
      },
      explained: 'Slik er tallet blitt til',
      start: 'Startet på',
      startBy: (shop, at) => `${shop}, ${at}`,
      added: 'Lagt til',
      removed: 'Trukket fra',
      sum: 'Lagerbeholdning nå',
      noBaseline: 'Nettverket har ikke noe tall for dette varenummeret ennå.',
      ownRows: 'I denne butikken',
      noOwnRows: 'Butikken har ingen vare med dette varenummeret.',
      otherShops: 'I alle butikker',
      noAnswer: 'svarer ikke akkurat nå',
      notListed: 'har den ikke',
      movements: 'Dette har skjedd',
      noMovements: 'Ingenting har skjedd siden starten.',
      showInLog: 'Vis i loggen',
      openInShop: 'Åpne i butikken',
      noLevelYet: () => 'ikke noe tall',
    },
    problems: {
      intro: 'Her står det som bare du kan avgjøre. Alt annet går sin gang imens.',
      none: 'Ingen problemer',
      noneHint: 'Når noe trenger deg, står det her, med knappen som løser det.',
      titles: {
        duplicate: 'Med dobbel modell/varenr.',
        held: 'Venter på avgjørelsen din',
        rollback: 'Tallene i butikken har hoppet tilbake',
        'counted-together': 'Talt samtidig',
        oversold: 'Oversolgt',
        fraction: 'Ikke et helt tall',
        'import-row': 'Rad som ikke kunne importeres',
        'shop-copied': 'Butikken er en kopi',
        'shop-unreachable': 'Butikken svarer ikke',
        unwritable: 'Butikken tok ikke imot det nye tallet',
        unclear: 'Ingen vet hva som skjedde',
        'paused-diff': 'Endret mens butikken var på pause',
        'key-rejected': 'Butikken godtok ikke nøkkelen',
        clock: 'En klokke går feil',
        fork: 'To utgaver av salget i en butikk',
        clone: 'En butikk ser ut til å kjøre to steder',
        'bad-peer': 'En butikk sender noe som ikke kan stemme',
        damaged: 'Skadet på disken',
        doubt: 'Usikkert etter en sikkerhetskopi',
        'alert-failed': 'Et varsel kunne ikke sendes',
      },
      explain(kind, count) {
        switch (kind) {
          case 'duplicate':
            return `${format.count(count, 'vare', 'varer')} i butikken har dette varenummeret, så noden kan ikke vite hvilken som menes. Gi hver vare sitt eget varenummer i butikken, så forsvinner kortet av seg selv.`
          case 'held':
            return `${format.count(count, 'varenummer', 'varenumre')} avviker uten at noen ordre forklarer det. Salg telles fortsatt med imens.`
          case 'rollback':
            return `${format.count(count, 'varenummer', 'varenumre')} ser ut som om en gammel sikkerhetskopi av butikken er lagt inn. Ingenting er sendt videre til de andre butikkene.`
          case 'counted-together':
            return 'To butikker skrev inn et nytt tall mens de ikke kunne se hverandre. Begge endringene er talt med og legges sammen. Tell etter på hyllen og rett den ene.'
          case 'oversold':
            return `Det er solgt ${format.number(count)} stk. mer enn det fantes, fordi butikker solgte de siste samtidig. Butikkene viser 0. Kontakt kjøperne, eller fyll på lageret.`
          case 'fraction':
            return 'Butikken oppgir en lagerbeholdning som ikke er et helt tall. Rett det i butikken, så forsvinner kortet av seg selv.'
          case 'import-row':
            return `${format.count(count, 'rad', 'rader')} kunne ikke importeres. Rett feilen i butikken og prøv igjen.`
          case 'shop-unreachable':
            return 'Noden får ikke kontakt med butikken. Butikken selger videre, og alt telles med når den svarer igjen.'
          case 'shop-copied':
            return 'Butikken er en kopi av en annen, med filene og databasen til den, så ingenting blir lest eller skrevet. Hvis den skal være en egen butikk, eller butikken er flyttet, sier administratoren det i butikken. Da går alt videre.'
          case 'unwritable':
            return 'Butikken tok ikke imot det nye tallet. Se etter i butikken hvorfor, og prøv igjen.'
          case 'unclear':
            return 'Lageret endret seg i butikken akkurat da noden skrev tallet, og ingenting viser hvor mye. Tallet kan være noen stk. feil. Tell varen på hylla; da forsvinner kortet av seg selv.'
          case 'paused-diff':
            return `${format.count(count, 'varenummer', 'varenumre')} ble endret i butikken mens den var på pause. Salg telles fortsatt med mens du bestemmer deg.`
          case 'key-rejected':
            return 'Butikken godtar ikke lenger nøkkelen til noden. Gi noden en ny nøkkel. Det som er solgt i mellomtiden, telles med etterpå.'
          case 'clock':
            return 'Klokken på maskinen til denne butikken og på en av de andres viser mer enn fem minutters forskjell. Tallene er riktige, men tidene i loggen stemmer ikke. Still klokken.'
          case 'fork':
            return 'Det finnes to utgaver av hva en butikk har kjøpt og solgt, for eksempel fordi mappen er lagt tilbake fra en gammel kopi. For hvert varenummer gjelder det største tallet, likt i alle butikker. Det som bare den andre utgaven kjente til, kan mangle. Sørg for at noden bare kjører ett sted, og tell varene på listen.'
          case 'clone':
            return 'Noden til en butikk kjører to steder, for eksempel fordi mappen er kopiert eller lagt inn fra en gammel kopi. Sørg for at den bare kjører ett sted: Stopp den som ikke skal brukes. Den som ble startet først, rører ingenting imens.'
          case 'bad-peer':
            return 'Noden til en annen butikk sendte endringer som ikke stemmer med det den selv har meldt, eller flere enn det kan være. Ingenting av det er talt med, og alt annet går videre. Oppdater noden dens. Fortsetter det, fjern butikken fra nettverket.'
          case 'damaged':
            return 'Lagertall på disken til noden var skadet. De hentes av seg selv fra de andre butikkene, og så lenge blir ikke disse varene endret i butikken. Er de andre butikkene tilkoblet, og kortet likevel blir stående? Gjenopprett da noden fra en sikkerhetskopi.'
          case 'doubt':
            return 'Noden er gjenopprettet fra en sikkerhetskopi, og ingen annen butikk kunne fortelle hva den har gjort siden. Den kjører videre. Så snart en annen butikk er tilkoblet, blir tallene rettet.'
          case 'alert-failed':
            return 'Webhooken eller e-postserveren tok ikke imot et varsel. Det sendes på nytt av seg selv. Se over innstillingene for varsler, og send et testvarsel.'
        }
      },
      massChange: (count) =>
        `${format.count(count, 'varenummer', 'varenumre')} ble endret på én gang uten at noen ordre forklarer det. De andre butikkene har ikke fått beskjed, og salg telles fortsatt med. Godkjenner du, viser alle butikkene de nye tallene; ellers får denne butikken tilbake tallene fra nettverket.`,
      memberMassChange: (shop, count) =>
        `${shop} endret ${format.count(count, 'varenummer', 'varenumre')} på én gang, uten at en ordre forklarer det. Denne butikken beholder tallene fra før, og salg telles fortsatt med. Angrer du, får alle butikkene tallene fra før tilbake; godkjenner du, følger denne butikken med.`,
      goToZero: (count) => `${format.number(count)} av dem ville havnet på null.`,
      heldRow: 'Butikken oppgir noe som ikke kan synkroniseres. Rett det i butikken, så forsvinner kortet av seg selv.',
      bundleRow:
        'Dette er en pakke eller et sett som selger lageret til andre varer. De varene synkroniseres; selve pakken er utelatt, og ingenting må gjøres.',
      countIt: 'Tell denne varen',
      differBy: (units) => `Til sammen avviker de med ${format.number(units)} stk.`,
      orders: 'Ordrene som kolliderte',
      decisionsTitle: 'Venter på avgjørelsen din',
      duplicateTitle: 'Med dobbel modell/varenr.',
      duplicateHelp: 'Listen må være tom før disse varene kan synkroniseres. Alle andre synkroniseres allerede.',
      colliding: 'Varer med dette varenummeret',
      actions: {
        'use-network': 'Bruk tallene fra nettverket',
        'count-in': 'Tell med forskjellen',
        approve: 'Godkjenn endringen',
        undo: 'Angre for alle butikker',
        'count-once': 'Tell én gang',
        retry: 'Prøv igjen',
        dismiss: 'Fjern fra listen',
      },
      confirmTitle: 'Er du sikker?',
      confirmIntro: 'Dette endrer lagerbeholdningen og kan ikke uten videre angres.',
      since: (at) => `Siden ${at}`,
      showItems: (count) => `Vis ${format.count(count, 'vare', 'varer')}`,
      hideItems: 'Skjul varer',
    },
    log: {
      time: 'Tid',
      shop: 'Butikk',
      change: 'Endring',
      after: 'Beholdning etter',
      cause: 'Årsak',
      reference: 'Ordre/referanse',
      result: 'Resultat',
      empty: 'Ingen linjer passer.',
      causes: {
        sale: 'Salg',
        cancel: 'Kansellert ordre',
        return: 'Retur',
        manual: 'Manuell endring',
        'stock-count': 'Varetelling',
        received: 'Varemottak',
        created: 'Opprettet',
        import: 'Import',
        repair: 'Retting',
        undo: 'Angret',
        'catch-up': 'Talt med i etterkant',
        unknown: 'Ukjent',
      },
      events: {
        founded: 'Nettverket startet',
        joined: 'Butikk ble med',
        left: 'Butikk koblet fra',
        removed: 'Butikk fjernet',
        'left-out': 'Holdt utenfor synkroniseringen',
        'stopped-all': 'Alt stoppet',
        'resumed-all': 'Alt fortsetter',
        'taken-in': 'Tatt med igjen',
        restored: 'Gjenopprettet fra sikkerhetskopi',
        refused: 'Forespørsel avvist',
        held: 'Venter på deg',
        'problem-solved': 'Problem løst',
      },
      results: {
        counted: 'Talt med',
        baseline: 'Starttall',
        'in-step': 'Med det de andre butikkene vet',
        alone: 'Uten de andre butikkene',
        'later-count-stands': 'En senere telling gjelder',
        'left-out-not-counted': 'Ikke talt med: holdt utenfor',
        'withheld-here': 'Holdt tilbake i denne butikken',
        'held-not-counted': 'Ikke talt med: venter på avgjørelsen din',
        'duplicate-not-counted': 'Ikke talt med: dobbelt varenr.',
        held: 'Venter på deg',
        refused: 'Avvist',
        failed: 'Mislyktes',
        'import-cancelled': 'Importen ble avbrutt',
        'import-undone': 'Importen ble angret',
        'member-undone': 'Endringene til en butikk ble angret',
      },
      replaced: (from, to) => `${format.number(from)} erstattet av ${format.number(to)}`,
      imported: (products) => format.count(products, 'vare', 'varer'),
      typed: (stock) => `satt til ${format.number(stock)}`,
    },
  }
}
