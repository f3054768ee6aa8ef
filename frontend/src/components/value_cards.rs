//! The latest value of each quantity.

use meterscope_decoder::obis::Phase;
use yew::prelude::*;

use super::Store;
use crate::cards::{Card, MeterKey};
use crate::state::{Action, Shared};
use crate::summary;
use crate::text::{Shown, Text, fill};

/// The cards, meter by meter.
pub fn value_cards(store: &Store) -> Html {
    let words = store.text.words();
    let Some(Shared(session)) = &store.session else { return Html::default() };
    let cards = session.cards();
    let groups = cards.chunk_by(|a, b| a.key.meter == b.key.meter);
    let several =
        cards.first().is_some_and(|first| cards.iter().any(|card| card.key.meter != first.key.meter));
    html! {
        <section id="panel-values" class="pane pane-values" aria-label={words.values}>
            <div id="value-cards" class="card-groups">
                if cards.is_empty() {
                    <p class="empty">{ words.values_none }</p>
                }
                { for groups.map(|cards| html! {
                    <div class="card-group">
                        if several { <h3>{ group_name(store, cards) }</h3> }
                        <div class="cards">{ for cards.iter().map(|card| value_card(store, card)) }</div>
                    </div>
                }) }
            </div>
        </section>
    }
}

fn group_name(store: &Store, cards: &[Card]) -> String {
    let words = store.text.words();
    match cards.first().and_then(|card| card.key.meter) {
        Some(MeterKey { manufacturer, id }) => {
            let meter = meterscope_decoder::message::Meter { manufacturer, id, ..Default::default() };
            fill(words.meter, &[&summary::meter_name(meter)])
        }
        None => words.other_meters.to_owned(),
    }
}

fn value_card(store: &Store, card: &Card) -> Html {
    let words = store.text.words();
    let Shown { value, unit } = store.text.shown(&card.reading);
    let provenance = store.text.provenance(&card.reading);
    let frame = fill(words.from_frame, &[&store.text.numbers.whole(card.item as u64 + 1)]);
    let when = card.time.map(|time| Text::time(&time));
    let marks = store.text.marks(&card.marks);
    let title = [provenance, Some(frame), when].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let onclick = {
        let (store, item) = (store.clone(), card.item);
        let (buffer, span) = (card.reading.buffer, card.reading.span);
        Callback::from(move |_| store.dispatch(Action::ShowReading(item, buffer, span)))
    };
    html! {
        <button class="value-card" type="button" {title} {onclick}
            data-quantity={card.key.quantity.name().replace(' ', "-")}
            data-phase={card.key.phase.map(Phase::name)}>
            <span class="card-name">
                <span class="card-quantity">{ store.text.quantity_name(&card.reading) }</span>
                if !marks.is_empty() { <span class="card-marks">{ marks }</span> }
            </span>
            <span class="card-value">
                <span class="card-number">{ value }</span>{ " " }<span class="card-unit">{ unit }</span>
            </span>
            <span class="card-source">{ store.text.short_provenance(&card.reading) }</span>
        </button>
    }
}
