//! Annotations whose grammar is wrong. A line of carets marks the word that the error points at, and what it says.

use personal_data::PersonalData;

#[derive(PersonalData)]
pub struct Fields {
    #[personal_data("user.contact.email")]
    //              ^^^^^^^^^^^^^^^^^^^^ expected a category such as `user.contact.email`, or `none`, found `"user.contact.email"`
    pub quoted: String,
    #[personal_data(user..email)]
    //                   ^ expected a further part of the key, found `.`
    pub double_dot: String,
    #[personal_data(user.contact.)]
    //                          ^ expected a further part of the key after this
    pub cut: String,
    #[personal_data(user::contact)]
    //                  ^ expected `,`, found `:`
    pub path: String,
    #[personal_data]
    //^^^^^^^^^^^^^ expected a category such as `user.contact.email`, or `none` after this
    pub bare: String,
    #[personal_data()]
    //              ^ expected a category such as `user.contact.email`, or `none` after this
    pub empty: String,
    #[personal_data(none, because = "it is not")]
    //                    ^^^^^^^ expected `reason` or `allow`, found `because`
    pub unknown: String,
    #[personal_data(none, reason)]
    //                    ^^^^^^ expected `=` after this
    pub no_reason: String,
    #[personal_data(none, reason = 4)]
    //                             ^ expected a reason in quotation marks, found `4`
    pub number: String,
    #[personal_data(none, reason = "a", reason = "b")]
    //                                  ^^^^^^ `reason` is given twice
    pub twice: String,
}

#[derive(PersonalData)]
pub enum Variants {
    Tuple(
        #[personal_data(email phone)]
        //                    ^^^^^ expected `,`, found `phone`
        String,
    ),
    Named {
        #[personal_data(email, allow)]
        //                     ^^^^^ expected `(lint, reason = "…")` after this
        letter: String,
    },
    Silenced(
        #[personal_data(email, allow())]
        //                           ^ expected the name of a lint after this
        String,
    ),
}

#[personal_data::purpose("advertising")]
//                       ^^^^^^^^^^^^^ expected a purpose such as `marketing.advertising`, found `"advertising"`
pub fn quoted() {}

#[personal_data::purpose(marketing, delivery)]
//                                  ^^^^^^^^ expected one purpose only
pub fn two() {}

mod bare {
    #[personal_data::purpose]
//  ^^^^^^^^^^^^^^^^^^^^^^^^^ expected a purpose such as `marketing.advertising` after this
    pub fn none() {}
}

#[personal_data::allow(reason = "why")]
//                     ^^^^^^ expected the name of a lint before the reason
pub fn no_lint() {}

#[personal_data::allow(personal_data_in_logs, reason = "why", personal_data_in_url)]
//                                                            ^^^^^^^^^^^^^^^^^^^^ expected lints before the reason
pub fn late() {}

#[personal_data::allow(clippy::personal_data_in_logs)]
//                           ^ expected `,`, found `:`
pub fn path() {}
