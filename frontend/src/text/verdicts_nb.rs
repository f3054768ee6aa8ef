//! Verdicts, in Norwegian.

use meterscope_capture::verdict::{LineFault, Verdict};
use meterscope_decoder::error::Refusal;

/// In one line.
pub const fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Silent => "Stille",
        Verdict::Noise => "Støy: fant ingen ramme",
        Verdict::WrongSettings(LineFault::ReadWithParity) => "Feil paritet: sendt som 8N1, lest som 8E1",
        Verdict::WrongSettings(LineFault::ReadWithoutParity) => "Feil paritet: sendt som 8E1, lest som 8N1",
        Verdict::WrongSettings(LineFault::EvenOctetsLost) => "Feil paritet: halvparten av oktettene er tapt",
        Verdict::WrongSettings(LineFault::SevenBits) => "Sju bit er lest, åtte ble sendt",
        Verdict::WrongSettings(LineFault::ParityInBitSeven) => {
            "Åtte bit er lest, sju og en paritetsbit ble sendt"
        }
        Verdict::WrongSettings(LineFault::ReadTooFast) => "Feil hastighet: linjen er langsommere",
        Verdict::LineFeeds => "LF er blitt til CR LF på veien",
        Verdict::ChecksFail => "Rammer, men sjekksummene stemmer ikke",
        Verdict::KeyNeeded => "Hele rammer, nøkkel trengs",
        Verdict::WrongKey(_) => "Hele rammer, feil nøkkel",
        Verdict::Unreadable(_) => "Hele rammer som ikke kan leses",
        Verdict::UnknownList => "Hele rammer, ukjent liste",
        Verdict::SomeDamaged => "Hele rammer, noen skadd",
        Verdict::SomeRefused => "Hele rammer, noen meldinger avvist",
        Verdict::SomeLocked => "Hele rammer, noen trenger nøkkel",
        Verdict::SomeUnread(_) => "Hele rammer, noen av dem ikke lest til ende",
        Verdict::NoReadings => "Hele rammer uten avlesninger",
        Verdict::AllGood => "Alt i orden",
    }
}

/// What it means and what to do next.
pub const fn next_step(verdict: Verdict) -> Option<&'static str> {
    Some(match verdict {
        Verdict::Silent => {
            "Ingenting ble sendt, eller ingenting kom fram. Har nettselskapet åpnet porten, er kabelen i, og er det de \
             riktige lederne?"
        }
        Verdict::Noise => {
            "Disse oktettene inneholder ingen ramme av typen HDLC, M-Bus eller P1. Var hastigheten feil, eller er det bare \
             en del av et telegram? HAN-porter og M-Bus går for det meste på 2400, P1-porter på 115200."
        }
        Verdict::WrongSettings(LineFault::ReadWithParity) => {
            "Oktettene ser ut som de gjør uten paritetsbit på linjen. Les den som 8N1: åtte bit, ingen paritet."
        }
        Verdict::WrongSettings(LineFault::ReadWithoutParity) => {
            "Oktettene ser ut som de gjør med lik paritet på linjen. Les den som 8E1: åtte bit, lik paritet."
        }
        Verdict::WrongSettings(LineFault::EvenOctetsLost) => {
            "Hver oktett har et odde antall enere: de med et like antall ble kastet som feil. Bytt 8N1 til 8E1, eller 8E1 \
             til 8N1."
        }
        Verdict::WrongSettings(LineFault::SevenBits) => {
            "Den høyeste biten i hver oktett mangler. Les linjen med åtte databit: 8N1 eller 8E1."
        }
        Verdict::WrongSettings(LineFault::ParityInBitSeven) => {
            "Den høyeste biten i hver oktett er en paritetsbit. Les linjen som 7E1: sju bit, lik paritet."
        }
        Verdict::WrongSettings(LineFault::ReadTooFast) => {
            "Hver bit på linjen ble lest flere ganger. Prøv en lavere hastighet: HAN-porter og M-Bus går for det meste på \
             2400."
        }
        Verdict::LineFeeds => {
            "Et program tok oktettene for tekst og satte 0D foran hver 0A, så sjekksummene ikke stemmer. Ta opp i binær \
             modus; i dette opptaket kan det gjøres om."
        }
        Verdict::ChecksFail => {
            "Oktetter ble borte eller endret på veien. Se på pariteten, hastigheten og kabelen."
        }
        Verdict::KeyNeeded => {
            "Meldingene er kryptert. Nettselskapet, eller den som solgte måleren, gir nøkkelen til eieren."
        }
        Verdict::WrongKey(Refusal::TagOnly) => {
            "Krypteringsnøkkelen passer, men autentiseringen er feil: kontroller autentiseringsnøkkelen."
        }
        Verdict::WrongKey(_) => {
            "Ingen av nøklene åpner en melding: det er nøkkelen til en annen måler, eller de to nøklene er byttet om."
        }
        Verdict::Unreadable(_) => {
            "Rammene kom helt fram, men innholdet har en form som ikke er kjent eller ikke støttes ennå. Feltene viser hvor \
             langt det ble lest."
        }
        Verdict::UnknownList => {
            "Ingen har fortalt dette programmet hva verdiene i denne listen betyr. Feltene viser typene og tallene."
        }
        Verdict::SomeDamaged => "De skadde blir stående i listen med årsaken og den første feile oktetten.",
        Verdict::SomeRefused => {
            "Ingen nøkkel åpner disse meldingene: de er fra en annen måler, eller de er endret. Listen sier hvilke."
        }
        Verdict::SomeLocked => "De andre meldingene er lest. Listen sier hvilke som er kryptert.",
        Verdict::SomeUnread(_) => "De kom helt fram. Listen sier hva som ikke kunne leses i hvilken.",
        Verdict::NoReadings => {
            "Forespørsler og kvitteringer har ingen verdier; de kommer i svarene fra måleren."
        }
        Verdict::AllGood => return None,
    })
}
