//! Example texts, in the order of `Language`: English, German, French, Spanish.

use serde_json::{Map, Value};

use super::answers::{Kind, Language};

/// One text in all languages.
pub type Text = [&'static str; 4];

pub const WELCOME_BACK: Text =
    ["Welcome back", "Schön, dass Sie wieder da sind", "Heureux de vous revoir", "Nos alegra verte de nuevo"];
/// Before the name of a category.
pub const FOR_YOU: Text = ["New for you: ", "Neu für Sie: ", "Nouveau pour vous : ", "Novedades para ti: "];
pub const ADVERT: Text = [
    "Here is what the advert promised",
    "Hier ist, was die Anzeige verspricht",
    "Voici ce que promettait l’annonce",
    "Aquí está lo que prometía el anuncio",
];
pub const BASKET_WAITS: Text = [
    "Your basket is still here: {{ cart.value | currency }}",
    "Ihr Warenkorb ist noch da: {{ cart.value | currency }}",
    "Votre panier est toujours là : {{ cart.value | currency }}",
    "Tu cesta sigue aquí: {{ cart.value | currency }}",
];
pub const GO_ON: Text = [
    "You can go on where you stopped",
    "Sie können da weitermachen, wo Sie aufgehört haben",
    "Vous pouvez reprendre là où vous vous êtes arrêté",
    "Puedes continuar donde lo dejaste",
];
/// Before the amount from which delivery is free.
pub const FREE_FROM: Text = [
    "Your basket: {{ cart.value | currency }}. Free delivery from ",
    "Ihr Warenkorb: {{ cart.value | currency }}. Versand frei ab ",
    "Votre panier : {{ cart.value | currency }}. Livraison offerte dès ",
    "Tu cesta: {{ cart.value | currency }}. Envío gratis desde ",
];
pub const FREE: Text =
    ["Your delivery is free", "Ihr Versand ist frei", "Votre livraison est offerte", "Tu envío es gratis"];
pub const UPGRADE: Text = [
    "See what the paid plan adds",
    "Sehen Sie, was der bezahlte Tarif mehr kann",
    "Découvrez ce qu’ajoute l’offre payante",
    "Mira lo que añade el plan de pago",
];
pub const KEEP_BASKET: Text =
    ["Keep your basket?", "Warenkorb behalten?", "Garder votre panier ?", "¿Guardamos tu cesta?"];
pub const TO_BASKET: Text = ["Show my basket", "Warenkorb zeigen", "Voir mon panier", "Ver mi cesta"];
pub const NOT_FINISHED: Text =
    ["Not finished yet?", "Noch nicht fertig?", "Pas encore terminé ?", "¿Aún sin terminar?"];
pub const CONTINUE: Text = ["Go on", "Weitermachen", "Continuer", "Continuar"];
pub const NO_THANKS: Text = ["No thanks", "Nein danke", "Non merci", "No, gracias"];
pub const NEWSLETTER: Text = [
    "A letter now and then?",
    "Ab und zu ein Brief von uns?",
    "Une lettre de temps en temps ?",
    "¿Una carta de vez en cuando?",
];
pub const ADDRESS: Text =
    ["Your email address", "Ihre E-Mail-Adresse", "Votre adresse e-mail", "Tu correo electrónico"];
pub const SUBSCRIBE: Text = ["Send me the letter", "Brief abonnieren", "Recevoir la lettre", "Recibir la carta"];

/// Another text for the button of such a site.
pub fn button(kind: Kind) -> Text {
    match kind {
        Kind::Shop => ["See what is new", "Neues ansehen", "Voir les nouveautés", "Ver novedades"],
        Kind::Magazine => ["Start reading", "Jetzt lesen", "Commencer à lire", "Empezar a leer"],
        Kind::Software => ["Try it for free", "Kostenlos testen", "Essayer gratuitement", "Probar gratis"],
        Kind::Leads => ["Ask for an offer", "Angebot anfragen", "Demander un devis", "Pedir un presupuesto"],
    }
}

/// A text as a config has it: alone, or by language.
pub fn written(text: Text, languages: &[Language]) -> Value {
    followed_by(text, "", languages)
}

/// The same, with something behind it that is alike in all languages.
pub fn followed_by(text: Text, end: &str, languages: &[Language]) -> Value {
    let one = |language: Language| {
        let [en, de, fr, es] = text;
        let start = match language {
            Language::En => en,
            Language::De => de,
            Language::Fr => fr,
            Language::Es => es,
        };
        Value::String(format!("{start}{end}"))
    };
    match languages {
        [only] => one(*only),
        several => {
            Value::Object(several.iter().map(|known| (known.tag().to_owned(), one(*known))).collect::<Map<_, _>>())
        }
    }
}
