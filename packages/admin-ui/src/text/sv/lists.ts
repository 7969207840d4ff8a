/** The lists of the admin pages in Swedish: products, problems and the log. */
import type { AdminText } from '../admin-text.ts'
import type { Format } from '../format.ts'

export function lists(format: Format): Pick<AdminText, 'products' | 'problems' | 'log'> {
  return {
    products: {
      searchHint: 'Artikelnr eller namn',
      state: 'Status',
      sort: 'Sortera efter',
      sorts: {
        sku: 'Artikelnr',
        name: 'Namn',
        level: 'Lägsta saldo',
        '-level': 'Högsta saldo',
        '-updatedAt': 'Senast ändrad',
      },
      sku: 'Artikelnr',
      name: 'Namn',
      level: 'Lagersaldo',
      shownHere: 'Visas här',
      shopHas: 'Butiken visar',
      updated: 'Ändrad',
      empty: 'Inga artiklar än. De kommer när butiken har importerats.',
      emptySearch: 'Inga artiklar matchar. Prova en annan sökning eller en annan status.',
      states: {
        'left-out': 'Undantagen',
        duplicate: 'Dubbelt artikelnr',
        held: 'Väntar på dig',
        untracked: 'Utan lagerhållning',
        'not-here': 'Finns inte i den här butiken',
        'only-here': 'Bara i den här butiken',
        oversold: 'Översåld',
        waiting: 'På väg',
        synced: 'Synkroniserad',
      },
      stateHelp: {
        'left-out': 'Artikeln är undantagen från synkroniseringen i den här butiken. Inget räknas och inget skrivs.',
        duplicate:
          'Flera artiklar i den här butiken har det här artikelnumret. Det hoppas över tills varje artikel har sitt eget.',
        held: 'En avvikelse väntar på ditt beslut under Problem. Försäljning räknas ändå.',
        untracked: 'Butiken håller inget lager för artikeln, så inget skrivs till den.',
        'not-here': 'Andra butiker säljer den, men den här butiken har inte artikelnumret.',
        'only-here': 'Ingen annan butik har artikelnumret. Artikeln kopplas av sig själv när någon får det.',
        oversold: 'Fler har sålts än vad som fanns. Butikerna visar 0.',
        waiting: 'Saldot håller på att skrivas till butiken.',
        synced: 'Butiken visar nätverkets saldo.',
      },
      explained: 'Så räknas saldot',
      start: 'Började på',
      startBy: (shop, at) => `${shop}, ${at}`,
      added: 'Tillkommit',
      removed: 'Avgått',
      sum: 'Lagersaldo nu',
      noBaseline: 'Nätverket har inget saldo för det här artikelnumret än.',
      ownRows: 'I den här butiken',
      noOwnRows: 'Butiken har ingen artikel med det här artikelnumret.',
      otherShops: 'I alla butiker',
      noAnswer: 'svarar inte just nu',
      notListed: 'har den inte',
      movements: 'Det här har hänt',
      noMovements: 'Inget har hänt sedan starten.',
      showInLog: 'Visa i loggen',
      openInShop: 'Öppna i butiken',
      noLevelYet: () => 'inget saldo',
    },
    problems: {
      intro: 'Här står det som bara du kan avgöra. Allt annat rullar på under tiden.',
      none: 'Inga problem',
      noneHint: 'När något behöver dig visas det här, tillsammans med knappen som löser det.',
      titles: {
        duplicate: 'Med dubbel modell/artikelnr',
        held: 'Väntar på ditt beslut',
        rollback: 'Butikens saldon har hoppat tillbaka',
        'counted-together': 'Inventerat samtidigt',
        oversold: 'Översålt',
        fraction: 'Inte ett heltal',
        'import-row': 'Rad som inte kunde importeras',
        'shop-copied': 'Butiken är en kopia',
        'shop-unreachable': 'Butiken svarar inte',
        unwritable: 'Butiken tog inte emot det nya saldot',
        unclear: 'Ingen vet vad som hände',
        'paused-diff': 'Ändrat medan butiken var pausad',
        'key-rejected': 'Butiken godtog inte nyckeln',
        clock: 'En klocka går fel',
        fork: 'Två versioner av en butiks försäljning',
        clone: 'En butik verkar köras på två ställen',
        'bad-peer': 'En butik skickar något som inte kan stämma',
        damaged: 'Skadat på disken',
        doubt: 'Osäkert efter en återställning',
        'alert-failed': 'Ett meddelande kunde inte skickas',
      },
      explain(kind, count) {
        switch (kind) {
          case 'duplicate':
            return `${format.count(count, 'artikel', 'artiklar')} i butiken har det här artikelnumret, så noden kan inte veta vilken som menas. Ge varje artikel ett eget artikelnummer i butiken, så försvinner kortet av sig självt.`
          case 'held':
            return `${format.count(count, 'artikelnummer', 'artikelnummer')} avviker utan att någon order förklarar det. Försäljning räknas ändå under tiden.`
          case 'rollback':
            return `${format.count(count, 'artikelnummer', 'artikelnummer')} ser ut som om en gammal säkerhetskopia av butiken har lästs in. Inget har skickats vidare till de andra butikerna.`
          case 'counted-together':
            return 'Två butiker skrev in ett nytt saldo utan att kunna se varandra. Båda ändringarna har räknats och läggs ihop. Räkna på hyllan och rätta den ena.'
          case 'oversold':
            return `${format.number(count)} st. mer har sålts än vad som fanns, eftersom butiker sålde de sista samtidigt. Butikerna visar 0. Kontakta köparna eller fyll på lagret.`
          case 'fraction':
            return 'Butiken anger ett lagersaldo som inte är ett heltal. Rätta det i butiken, så försvinner kortet av sig självt.'
          case 'import-row':
            return `${format.count(count, 'rad', 'rader')} kunde inte importeras. Rätta felet i butiken och försök igen.`
          case 'shop-unreachable':
            return 'Noden får ingen kontakt med butiken. Butiken säljer vidare, och allt räknas in när den svarar igen.'
          case 'shop-copied':
            return 'Butiken är en kopia av en annan, med dess filer och databas, så ingenting läses eller skrivs. Om den ska vara en egen butik, eller butiken har flyttat, anger administratören det i butiken. Då går allt vidare.'
          case 'unwritable':
            return 'Butiken tog inte emot det nya saldot. Se efter i butiken varför och försök igen.'
          case 'unclear':
            return 'Saldot ändrades i butiken just när noden skrev det nya saldot, och inget visar med hur mycket. Saldot kan slå fel på några stycken. Räkna artikeln på hyllan, så försvinner kortet av sig självt.'
          case 'paused-diff':
            return `${format.count(count, 'artikelnummer', 'artikelnummer')} ändrades i butiken medan den var pausad. Försäljning räknas ändå medan du bestämmer dig.`
          case 'key-rejected':
            return 'Butiken godtar inte längre nodens nyckel. Ge noden en ny, så räknas det som har sålts under tiden in efteråt.'
          case 'clock':
            return 'Klockan på den här butikens dator och på en av de andras skiljer sig med mer än fem minuter. Saldona stämmer, men tiderna i loggen gör det inte. Ställ klockan.'
          case 'fork':
            return 'Det finns två versioner av vad en butik har köpt och sålt, till exempel för att dess mapp har återställts från en gammal kopia. För varje artikelnummer gäller det största talet, lika i alla butiker. Det som bara den andra versionen kände till kan saknas. Se till att noden bara körs på ett ställe och inventera artiklarna på listan.'
          case 'clone':
            return 'En butiks nod körs på två ställen, till exempel för att dess mapp har kopierats eller återställts från en gammal kopia. Se till att den bara körs på ett ställe: stoppa den som inte ska användas. Den som startades först rör ingenting under tiden.'
          case 'bad-peer':
            return 'Noden i en annan butik skickade ändringar som inte stämmer med vad den själv har meddelat, eller fler än det kan finnas. Inget av det räknades, och allt annat fortsätter. Uppdatera dess nod. Fortsätter det, ta bort butiken från nätverket.'
          case 'damaged':
            return 'Lagersaldon på nodens disk var skadade. De hämtas av sig själva från de andra butikerna, och fram till dess ändras artiklarna inte i butiken. Är de andra butikerna online och kortet ändå kvar? Återställ då noden från en säkerhetskopia.'
          case 'doubt':
            return 'Noden har återställts från en säkerhetskopia, och ingen annan butik kunde berätta vad den har gjort sedan dess. Den fortsätter. Så snart en annan butik är online rättas saldona.'
          case 'alert-failed':
            return 'Webhooken eller mejlservern tog inte emot ett meddelande. Det skickas igen av sig självt. Kontrollera inställningarna för meddelanden och skicka ett testmeddelande.'
        }
      },
      massChange: (count) =>
        `${format.count(count, 'artikelnummer', 'artikelnummer')} ändrades på en gång utan att någon order förklarar det. De andra butikerna har inte fått veta något, och försäljning räknas ändå. Om du godkänner visar alla butiker de nya saldona; annars får den här butiken tillbaka nätverkets saldon.`,
      memberMassChange: (shop, count) =>
        `${shop} ändrade ${format.count(count, 'artikelnummer', 'artikelnummer')} på en gång utan att någon order förklarar det. Den här butiken behåller de tidigare saldona, och försäljning räknas som vanligt. Ångrar du får alla butiker tillbaka de tidigare saldona. Godkänner du följer den här butiken med.`,
      goToZero: (count) => `${format.number(count)} av dem skulle hamna på noll.`,
      heldRow:
        'Butiken anger något som inte kan synkroniseras. Rätta det i butiken, så försvinner kortet av sig självt.',
      bundleRow:
        'Det här är ett paket eller set som säljer andra artiklars lager. De artiklarna synkroniseras; själva paketet är utelämnat, och inget behöver göras.',
      countIt: 'Räkna den här artikeln',
      differBy: (units) => `Sammanlagt skiljer det ${format.number(units)} st.`,
      orders: 'Orderna som krockade',
      decisionsTitle: 'Väntar på ditt beslut',
      duplicateTitle: 'Med dubbel modell/artikelnr',
      duplicateHelp: 'Listan måste vara tom innan de här artiklarna kan synkroniseras. Alla andra synkroniseras redan.',
      colliding: 'Artiklar med det här artikelnumret',
      actions: {
        'use-network': 'Använd nätverkets saldon',
        'count-in': 'Räkna in skillnaden',
        approve: 'Godkänn ändringen',
        undo: 'Ångra för alla butiker',
        'count-once': 'Räkna en gång',
        retry: 'Försök igen',
        dismiss: 'Ta bort från listan',
      },
      confirmTitle: 'Är du säker?',
      confirmIntro: 'Det ändrar lagersaldon och går inte att ångra med ett knapptryck.',
      since: (at) => `Sedan ${at}`,
      showItems: (count) => `Visa ${format.count(count, 'artikel', 'artiklar')}`,
      hideItems: 'Dölj artiklar',
    },
    log: {
      time: 'Tid',
      shop: 'Butik',
      change: 'Ändring',
      after: 'Saldo efter',
      cause: 'Orsak',
      reference: 'Order/referens',
      result: 'Resultat',
      empty: 'Inga rader matchar.',
      causes: {
        sale: 'Försäljning',
        cancel: 'Makulerad order',
        return: 'Retur',
        manual: 'Manuell ändring',
        'stock-count': 'Inventering',
        received: 'Inleverans',
        created: 'Skapad',
        import: 'Import',
        repair: 'Rättelse',
        undo: 'Ångrat',
        'catch-up': 'Inräknat i efterhand',
        unknown: 'Okänd',
      },
      events: {
        founded: 'Nätverket startade',
        joined: 'Butik anslöt',
        left: 'Butik kopplades från',
        removed: 'Butik togs bort',
        'left-out': 'Undantagen från synkroniseringen',
        'stopped-all': 'Allt stoppat',
        'resumed-all': 'Allt fortsätter',
        'taken-in': 'Tillbaka i synkroniseringen',
        restored: 'Återställd från säkerhetskopia',
        refused: 'Förfrågan avvisad',
        held: 'Väntar på dig',
        'problem-solved': 'Problem löst',
      },
      results: {
        counted: 'Inräknat',
        baseline: 'Startsaldo',
        'in-step': 'Med det som de andra butikerna vet',
        alone: 'Utan de andra butikerna',
        'later-count-stands': 'En senare inventering gäller',
        'left-out-not-counted': 'Inte inräknat: undantagen',
        'withheld-here': 'Hålls tillbaka i den här butiken',
        'held-not-counted': 'Inte inräknat: väntar på ditt beslut',
        'duplicate-not-counted': 'Inte inräknat: dubbelt artikelnr',
        held: 'Väntar på dig',
        refused: 'Avvisat',
        failed: 'Misslyckades',
        'import-cancelled': 'Importen avbröts',
        'import-undone': 'Importen ångrades',
        'member-undone': 'En butiks ändringar ångrades',
      },
      replaced: (from, to) => `${format.number(from)} ersatt av ${format.number(to)}`,
      imported: (products) => format.count(products, 'artikel', 'artiklar'),
      typed: (stock) => `satt till ${format.number(stock)}`,
    },
  }
}
