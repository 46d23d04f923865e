"""Any Django form becomes a KERN form whose errors and hints are joined to their fields."""

from django import forms
from django.template import engines
from django.test import RequestFactory

from stadt.web.forms import field_form


class Order(forms.Form):
    name = forms.CharField(label="Name", help_text="Wie im Ausweis.")
    kind = forms.ChoiceField(label="Art", choices=[("a", "A")])
    way = forms.ChoiceField(
        label="Weg", widget=forms.RadioSelect, choices=[("post", "Post"), ("mail", "E-Mail")]
    )
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    file = forms.FileField(label="Datei", required=False)
    agreed = forms.BooleanField(label="Einverstanden")


def rendered(form: forms.Form) -> str:
    template = engines["django"].from_string("{% load stadt %}{% form_errors form %}{% form_fields form %}")
    return str(template.render({"form": form}, RequestFactory().get("/")))


def test_each_widget_gets_its_own_markup() -> None:
    form = Order()
    assert [field_form(form[name]) for name in form.fields] == [
        "input",
        "select",
        "boxes",
        "textarea",
        "file",
        "checkbox",
    ]


def test_an_error_stands_in_the_summary_and_at_its_field() -> None:
    page = rendered(Order({"kind": "a", "way": "post", "agreed": "on"}))
    assert 'href="#id_name"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_name-hint id_name-error"' in page
    assert 'id="id_name-error"' in page


def test_a_form_that_was_not_sent_has_no_summary() -> None:
    assert 'role="alert"' not in rendered(Order())


def test_voluntary_fields_are_marked_instead_of_compulsory_ones() -> None:
    assert rendered(Order()).count("(freiwillig)") == 2


def test_radio_buttons_are_a_group_with_a_legend_and_keep_the_choice() -> None:
    page = rendered(Order({"way": "mail"}))
    assert "<legend" in page
    assert 'value="mail" id="id_way_1" checked' in page


def test_a_placeholder_that_repeats_the_label_is_left_out() -> None:
    class Mail(forms.Form):
        mail = forms.CharField(label="E-Mail", widget=forms.TextInput(attrs={"placeholder": "E-Mail"}))

    assert "placeholder" not in rendered(Mail())
